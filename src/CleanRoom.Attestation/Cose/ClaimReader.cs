using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Cose;

/// <summary>Reads the claims of a token and lists every one that is missing or has another form, as <c>evidence-format</c>.</summary>
/// <param name="part">What is read, for failures: <c>attestation document</c>, <c>realm token</c>, ...</param>
internal sealed class ClaimReader(string part)
{
    private readonly List<FailedCheck> _failures = [];

    /// <summary>Gets what was wrong so far.</summary>
    public ImmutableArray<FailedCheck> Failures => [.. _failures];

    /// <summary>Reads a byte string.</summary>
    /// <param name="least">Fewest bytes.</param>
    /// <param name="most">Most bytes.</param>
    public Bytes Bytes(CborItem? item, string name, int least, int most)
    {
        if (item is { Kind: CborKind.ByteString } && item.Content.Length >= least && item.Content.Length <= most)
        {
            return item.Content;
        }

        Fail(name, least == most ? $"{least} bytes" : $"{least} to {most} bytes", item);
        return default;
    }

    /// <summary>Reads a byte string that may be missing.</summary>
    public Bytes? OptionalBytes(CborItem? item, string name, int least, int most) => item is null ? null : Bytes(item, name, least, most);

    /// <summary>Reads a hash: 32, 48 or 64 bytes.</summary>
    public Bytes Hash(CborItem? item, string name)
    {
        if (item is { Kind: CborKind.ByteString, Content.Length: 32 or 48 or 64 })
        {
            return item.Content;
        }

        Fail(name, "32, 48 or 64 bytes", item);
        return default;
    }

    /// <summary>Reads a text of 1 to a number of characters.</summary>
    public string Text(CborItem? item, string name, int most)
    {
        if (item is { Kind: CborKind.Text, Text.Length: > 0 } && item.Text.Length <= most)
        {
            return item.Text;
        }

        Fail(name, $"a text of 1 to {most} characters", item);
        return string.Empty;
    }

    /// <summary>Reads a text that may be missing.</summary>
    public string? OptionalText(CborItem? item, string name, int most) => item is null ? null : Text(item, name, most);

    /// <summary>Reads a number of a range.</summary>
    public long Number(CborItem? item, string name, long least, long most)
    {
        if (item is { Kind: CborKind.Integer } && item.Number >= least && item.Number <= most)
        {
            return item.Number;
        }

        Fail(name, $"a number from {least} to {most}", item);
        return 0;
    }

    /// <summary>Reads an array.</summary>
    /// <param name="least">Fewest items.</param>
    /// <param name="most">Most items.</param>
    public ImmutableArray<CborItem> Array(CborItem? item, string name, int least, int most)
    {
        if (item is { Kind: CborKind.Array } && item.Items.Length >= least && item.Items.Length <= most)
        {
            return item.Items;
        }

        Fail(name, $"an array of {least} to {most} items", item);
        return [];
    }

    /// <summary>Adds a failure.</summary>
    public void Fail(string name, string wanted, CborItem? got) => Fail(name, wanted, got?.ToString() ?? "none");

    /// <summary>Adds a failure.</summary>
    public void Fail(string name, string wanted, string got) =>
        _failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, "evidence-format", $"{part}: {name} as {wanted}", got));
}
