using System.Collections.Immutable;
using System.Formats.Asn1;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AndroidKeyMint;

/// <summary>What is said about a key, either by the trusted hardware or by the system above it.</summary>
/// <remarks>Spec: Android, "Key and ID attestation", AuthorizationList. Members of other tags are passed over.</remarks>
internal sealed record AuthorizationList
{
    /// <summary>The tags whose value is a number that is kept.</summary>
    public const int Origin = 702;

    /// <summary>The system's version, as two digits each of major, minor and patch.</summary>
    public const int OsVersion = 705;

    /// <summary>The month of the system's security patches, as <c>yyyymm</c>.</summary>
    public const int OsPatchLevel = 706;

    /// <summary>The day or month of the maker's security patches.</summary>
    public const int VendorPatchLevel = 718;

    /// <summary>The day or month of the kernel's security patches.</summary>
    public const int BootPatchLevel = 719;

    private const int RootOfTrustTag = 704;
    private const int ApplicationIdTag = 709;

    private static readonly ImmutableHashSet<int> s_numbers = [Origin, OsVersion, OsPatchLevel, VendorPatchLevel, BootPatchLevel];

    /// <summary>Gets the numbers by tag.</summary>
    public required ImmutableDictionary<int, int> Numbers { get; init; }

    /// <summary>Gets which system booted; null when this list does not say.</summary>
    public required RootOfTrust? RootOfTrust { get; init; }

    /// <summary>Gets the applications that may use the key, DER; empty when this list does not say.</summary>
    public required Bytes ApplicationId { get; init; }

    /// <summary>Reads the sequence; throws for another form, a tag that stands twice or out of order.</summary>
    public static AuthorizationList Read(AsnReader outer)
    {
        var list = outer.ReadSequence();
        var numbers = ImmutableDictionary.CreateBuilder<int, int>();
        RootOfTrust? root = null;
        Bytes application = default;
        var last = 0;
        while (list.HasData)
        {
            var tag = list.PeekTag();
            if (tag.TagClass != TagClass.ContextSpecific || !tag.IsConstructed || tag.TagValue <= last)
            {
                throw new FormatException("wanted explicit tags in ascending order");
            }

            last = tag.TagValue;
            var value = list.ReadSequence(tag);
            if (s_numbers.Contains(last))
            {
                numbers.Add(last, KeyDescription.Number(value));
                value.ThrowIfNotEmpty();
            }
            else if (last == RootOfTrustTag)
            {
                root = RootOfTrust.Read(value);
                value.ThrowIfNotEmpty();
            }
            else if (last == ApplicationIdTag)
            {
                application = new Bytes(value.ReadOctetString());
                value.ThrowIfNotEmpty();
            }
        }

        return new AuthorizationList { Numbers = numbers.ToImmutable(), RootOfTrust = root, ApplicationId = application };
    }
}
