using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSev;

/// <summary>AMD's two certificates. Trust: attacker-controlled. Null where one did not come.</summary>
internal sealed record SevEndorsements(SevAuthority? Ask, SevAuthority? Ark)
{
    private const int SmallBytes = 832;
    private const int LargeBytes = 1_600;

    /// <summary>Sorts: each certificate alone, or both in one file as AMD publishes them. What is neither is left out.</summary>
    public static SevEndorsements Of(IReadOnlyList<Bytes> endorsements)
    {
        ImmutableArray<SevAuthority> found = [.. endorsements.SelectMany(Split).Select(one => SevAuthority.Parse(one.Span)).OfType<SevAuthority>()];
        return new SevEndorsements(
            found.FirstOrDefault(one => one.Usage == SevKeyUsage.Ask), found.FirstOrDefault(one => one.Usage == SevKeyUsage.Ark));
    }

    private static IEnumerable<Bytes> Split(Bytes endorsement) => endorsement.Length is 2 * SmallBytes or 2 * LargeBytes
        ? [new Bytes(endorsement.Span[..(endorsement.Length / 2)]), new Bytes(endorsement.Span[(endorsement.Length / 2)..])]
        : [endorsement];
}
