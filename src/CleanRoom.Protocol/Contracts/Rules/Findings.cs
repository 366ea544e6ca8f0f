using System.Collections.Immutable;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>Collects the problems of one contract.</summary>
internal sealed class Findings
{
    private readonly ImmutableArray<ContractProblem>.Builder _problems = ImmutableArray.CreateBuilder<ContractProblem>();

    /// <summary>Adds a problem.</summary>
    /// <param name="path">Where in the contract, such as <c>datasets[clinic.events].policy.access</c>.</param>
    /// <param name="wanted">The rule.</param>
    /// <param name="got">What stands there; text of the contract goes through <see cref="Names.Show"/> first.</param>
    public void Add(string path, string wanted, string got) =>
        _problems.Add(new ContractProblem(path, wanted, got));

    /// <summary>Adds a problem unless the rule holds.</summary>
    public void Require(bool holds, string path, string wanted, string got)
    {
        if (!holds)
        {
            Add(path, wanted, got);
        }
    }

    /// <summary>Requires a number in an inclusive range.</summary>
    public void InRange(long value, long min, long max, string path) =>
        Require(value >= min && value <= max, path, $"a number from {min} to {max}", $"{value}");

    /// <summary>Requires a declared member of an enumeration: a reader may let a bare number through.</summary>
    public void Declared<T>(T value, string path)
        where T : struct, Enum => Require(Enum.IsDefined(value), path, $"a known value of {typeof(T).Name}", "an unknown one");

    /// <summary>Requires a list without repetition.</summary>
    public void Distinct<T>(IEnumerable<T> values, string path, Func<T, string> show)
    {
        foreach (var twice in values.GroupBy(value => value).Where(group => group.Count() > 1))
        {
            Add(path, "each entry once", $"{show(twice.Key)} {twice.Count()} times");
        }
    }

    /// <summary>Returns all problems in the order in which they were found.</summary>
    public ImmutableArray<ContractProblem> ToProblems() => _problems.ToImmutable();

    /// <summary>Returns all problems as refusals, in the order in which they were found.</summary>
    public ImmutableArray<Refusal> ToImmutable() => [.. _problems.Select(problem => problem.ToRefusal())];
}
