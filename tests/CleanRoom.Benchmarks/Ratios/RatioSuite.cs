using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Ratios;

/// <summary>Measures that share their data: a verb, and a file of results.</summary>
/// <param name="Verb">What it is called by.</param>
/// <param name="TakeAsync">Makes the data and takes the measures that are wanted, one after the other. Nothing is made when none is wanted.</param>
internal sealed record RatioSuite(string Verb, Func<Choice, IAsyncEnumerable<Ratio>> TakeAsync)
{
    /// <summary>Takes them, prints a table, and writes each as soon as it is there. A goal that is missed is said and is no failure.</summary>
    /// <returns>0; 1 for a usage or nothing to measure.</returns>
    public async Task<int> RunAsync(string[] args)
    {
        if (!Choice.TryParse(args, out var choice))
        {
            Console.Error.WriteLine($"usage: {Verb} [--tier quick|full] [--only NAME]");
            return 1;
        }

        RatioTable.PrintHead();
        string? path = null;
        await foreach (var one in TakeAsync(choice))
        {
            RatioTable.Print(one);
            path = RatioFile.Put(choice, Verb, one);
        }

        Console.WriteLine(path is null ? $"no measure of {Verb} begins with {choice.Only}" : $"written to {path}");
        return path is null ? 1 : 0;
    }
}
