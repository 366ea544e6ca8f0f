using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Receipts;

/// <summary>Collects what the checks of one bundle proved, could not see, or refused.</summary>
internal sealed class ReceiptFindings
{
    private readonly ImmutableArray<string>.Builder _proven = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _notShown = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<Refusal>.Builder _failures = ImmutableArray.CreateBuilder<Refusal>();

    /// <summary>Gets a value that says whether no check has failed so far.</summary>
    public bool AllHold => _failures.Count == 0;

    /// <summary>States what was proven.</summary>
    public void Prove(string sentence) => _proven.Add(sentence);

    /// <summary>States what the bundle leaves open.</summary>
    public void LeaveOpen(string sentence) => _notShown.Add(sentence);

    /// <summary>Refuses unless a condition holds.</summary>
    public void Check(bool holds, RefusalCode code, string wanted, string got)
    {
        if (!holds)
        {
            _failures.Add(new Refusal(code, wanted, got));
        }
    }

    /// <summary>Returns a value, or null with its refusals noted.</summary>
    public T? Take<T>(Result<T> result)
        where T : class
    {
        _failures.AddRange(result.Refusals);
        return result.IsAccepted ? result.Value : null;
    }

    /// <summary>Ends with the report.</summary>
    public ReceiptReport ToReport(Receipt? receipt, Timestamp? time, bool isRedacted) => new()
    {
        Receipt = receipt,
        Time = time,
        IsRedacted = isRedacted,
        Proven = _proven.ToImmutable(),
        NotShown = _notShown.ToImmutable(),
        Failures = _failures.ToImmutable(),
    };
}
