using CleanRoom.Protocol.Contracts.Differences;

namespace CleanRoom.Protocol.Contracts;

/// <summary>One difference between two versions of a contract.</summary>
/// <param name="Kind">What it does to the protection of the data.</param>
/// <param name="Concerns">The collaborator whose data or rules it is about, or <c>all</c>.</param>
/// <param name="Path">Where, such as <c>datasets[clinic.events].policy.threshold.minUnits</c>.</param>
/// <param name="Sentence">One plain sentence that ends with the kind, for a person who decides whether to sign.</param>
public sealed record ContractChange(ChangeKind Kind, string Concerns, string Path, string Sentence)
{
    /// <summary>The value of <see cref="Concerns"/> when a change is about everybody.</summary>
    public const string All = "all";

    /// <summary>Gets why it is of its kind: what the change does to what may be asked or leave.</summary>
    public string Reason => ChangeReasons.Of(this);

    /// <summary>Gets the sentence without the kind at its end.</summary>
    public string What => Sentence[..Sentence.LastIndexOf(": ", StringComparison.Ordinal)];
}

/// <summary>What a change does to the protection of the data. A change whose effect cannot be told from the text counts as loosening.</summary>
public enum ChangeKind
{
    None = 0,
    Neutral = 1,
    Tightens = 2,
    Loosens = 3,
}
