using CleanRoom.Datasets.Conversion;

namespace CleanRoom.Engine.Tests.Datasets;

/// <summary>Leaves identifiers as they are, so that tests of the conversion see them.</summary>
internal sealed class PlainIdentifiers : IIdentifierRekeyer
{
    public static PlainIdentifiers Instance { get; } = new();

    public bool Rekeys(string profile) => false;

    public void Rekey(string profile, ReadOnlySpan<byte> identifier, Span<byte> token) => throw new InvalidOperationException("nothing is rekeyed here");
}
