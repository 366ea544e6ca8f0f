using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>Takes every ratio of rooms, prints a table, and writes it.</summary>
internal static class RoomRun
{
    private const int Rounds = 5;

    /// <summary>Runs. A goal that is missed is said and is no failure.</summary>
    /// <returns>0; 1 for a usage or nothing to measure.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (!Choice.TryParse(args, out var choice))
        {
            Console.Error.WriteLine("usage: rooms [--tier quick|full] [--only NAME]");
            return 1;
        }

        RatioTable.PrintHead();
        var size = choice.Tier == "full" ? RoomSize.Full : RoomSize.Quick;
        var taken = await RoomMeasures.TakeAsync(size, Rounds, choice.Only);
        if (taken.Count == 0)
        {
            Console.Error.WriteLine($"no measure begins with {choice.Only}");
            return 1;
        }

        Console.WriteLine($"written to {RatioTable.Write(choice.Tier, Rounds, "rooms", taken)}");
        return 0;
    }
}
