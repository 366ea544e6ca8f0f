using System.Collections.Immutable;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.IntelTdx;

/// <summary>What TDX says about a trust domain. Nothing is known about who made it.</summary>
/// <remarks>Spec: Intel TDX DCAP Quote Generation Library, appendix 3, TD quote body of TDX 1.0 and 1.5; Intel TDX module ABI (TD_ATTRIBUTES, XFAM).</remarks>
internal sealed record TdReport
{
    private const ulong DebugGroup = 0xFF;
    private const ulong SeptVeDisable = 1UL << 28;
    private const ulong Migratable = 1UL << 29;
    private const ulong KnownAttributes = DebugGroup | (1UL << 27) | SeptVeDisable | Migratable | (1UL << 30) | (1UL << 31) | (1UL << 63);
    private const ulong XfamAlwaysSet = 0x3;
    private const ulong XfamMaySet = 0x6DBE7;
    private const int Rtmrs = 4;
    private const int DigestLength = 48;

    /// <summary>Gets what is said about the TDX module.</summary>
    public required TdxModuleVersion Module { get; init; }

    /// <summary>Gets the measurement of the TDX module, 48 bytes.</summary>
    public required Bytes MrSeam { get; init; }

    /// <summary>Gets TDATTRIBUTES.</summary>
    public required ulong Attributes { get; init; }

    /// <summary>Gets the processor state that the TD may use.</summary>
    public required ulong Xfam { get; init; }

    /// <summary>Gets the measurement of the TD's first contents, 48 bytes.</summary>
    public required Bytes MrTd { get; init; }

    /// <summary>Gets the id of the TD's configuration, 48 bytes.</summary>
    public required Bytes MrConfigId { get; init; }

    /// <summary>Gets the id of the TD's owner, 48 bytes.</summary>
    public required Bytes MrOwner { get; init; }

    /// <summary>Gets the id of the owner's configuration, 48 bytes.</summary>
    public required Bytes MrOwnerConfig { get; init; }

    /// <summary>Gets the measurements that the TD extends while it runs, four of 48 bytes.</summary>
    public required ImmutableArray<Bytes> Rtmr { get; init; }

    /// <summary>Gets the bytes that the TD chose, 64.</summary>
    public required Bytes ReportData { get; init; }

    /// <summary>Gets the measurement of the service TDs that are bound to this one, 48 bytes; empty for TDX 1.0.</summary>
    public required Bytes MrServiceTd { get; init; }

    /// <summary>Gets a value that says whether the host may look into the TD: any bit of the group that makes a TD untrusted.</summary>
    public bool IsDebug => (Attributes & DebugGroup) != 0;

    /// <summary>Gets a value that says whether a fault in the TD's page tables is handled by the TDX module, and not by the TD.</summary>
    public bool IsSeptVeDisabled => (Attributes & SeptVeDisable) != 0;

    /// <summary>Gets a value that says whether the TD may move to another machine.</summary>
    public bool IsMigratable => (Attributes & Migratable) != 0;

    /// <summary>Gets a value that says whether no attribute is set that this program does not know.</summary>
    public bool HasKnownAttributes => (Attributes & ~KnownAttributes) == 0;

    /// <summary>Gets a value that says whether XFAM has the bits that are always set, and none that is always clear.</summary>
    public bool HasPossibleXfam => (Xfam & XfamAlwaysSet) == XfamAlwaysSet && (Xfam & ~XfamMaySet) == 0;

    /// <summary>Reads a body. Trust: attacker-controlled. Null for another length.</summary>
    public static TdReport? Parse(ReadOnlySpan<byte> bytes, QuoteBodyType type)
    {
        var reader = new ByteReader(bytes);
        var tcbSvn = new Bytes(reader.Take(16));
        var mrSeam = new Bytes(reader.Take(DigestLength));
        var mrSignerSeam = new Bytes(reader.Take(DigestLength));
        var seamAttributes = new Bytes(reader.Take(sizeof(ulong)));
        var (attributes, xfam) = (reader.UInt64Little(), reader.UInt64Little());
        var mrTd = new Bytes(reader.Take(DigestLength));
        var mrConfigId = new Bytes(reader.Take(DigestLength));
        var mrOwner = new Bytes(reader.Take(DigestLength));
        var mrOwnerConfig = new Bytes(reader.Take(DigestLength));
        var rtmr = ImmutableArray.CreateBuilder<Bytes>(Rtmrs);
        while (rtmr.Count < Rtmrs)
        {
            rtmr.Add(new Bytes(reader.Take(DigestLength)));
        }

        var reportData = new Bytes(reader.Take(64));
        var current = type == QuoteBodyType.Td15 ? new Bytes(reader.Take(16)) : default;
        var mrServiceTd = type == QuoteBodyType.Td15 ? new Bytes(reader.Take(DigestLength)) : default;
        return !reader.IsDone
            ? null
            : new TdReport
            {
                Module = new TdxModuleVersion(tcbSvn, current, mrSignerSeam, seamAttributes),
                MrSeam = mrSeam,
                Attributes = attributes,
                Xfam = xfam,
                MrTd = mrTd,
                MrConfigId = mrConfigId,
                MrOwner = mrOwner,
                MrOwnerConfig = mrOwnerConfig,
                Rtmr = rtmr.MoveToImmutable(),
                ReportData = reportData,
                MrServiceTd = mrServiceTd,
            };
    }
}
