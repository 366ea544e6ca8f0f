using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Insecure;

/// <summary>The machine that the simulated TEE pretends to be. INSECURE: it says whatever it is told to say.</summary>
public sealed record InsecureSimulatedMachine
{
    /// <summary>The only component of the simulated TCB.</summary>
    public const string TcbComponent = "simulated";

    internal const int MeasurementBytes = 48;
    internal const int HostDataBytes = 32;
    internal const int ChipIdBytes = 64;

    private const string MeasurementLabel = "cleanroom/v1/insecure-simulated-measurement";
    private const string ChipLabel = "cleanroom/v1/insecure-simulated-chip";

    /// <summary>Gets the measurement: 48 bytes.</summary>
    public required Bytes Measurement { get; init; }

    /// <summary>Gets the host's data: 32 bytes. Default all zero.</summary>
    public Bytes HostData { get; init; } = new(new byte[HostDataBytes]);

    /// <summary>Gets the chip: 64 bytes. Default SHA-512 of a label.</summary>
    public Bytes ChipId { get; init; } = new(SHA512.HashData(Encoding.ASCII.GetBytes(ChipLabel)));

    /// <summary>Gets the security version.</summary>
    /// <value>From 0. Default 1.</value>
    public int TcbVersion { get; init; } = 1;

    /// <summary>Gets a value that says whether the machine claims to be debuggable.</summary>
    public bool Debug { get; init; }

    /// <summary>Makes the machine that runs a build: its measurement is SHA-384(label || 0x00 || build in UTF-8).</summary>
    /// <param name="build">The build's version and digest, as in <see cref="Binding.Build"/>.</param>
    public static InsecureSimulatedMachine OfBuild(string build)
    {
        ArgumentException.ThrowIfNullOrEmpty(build);
        return new() { Measurement = new(SHA384.HashData([.. Encoding.ASCII.GetBytes(MeasurementLabel), 0, .. Encoding.UTF8.GetBytes(build)])) };
    }

    /// <summary>Returns the tuple with which a contract accepts this machine, provided that it says allowInsecure.</summary>
    public ReferenceTuple ToReferenceTuple() => new()
    {
        Tee = TeeNames.Simulated,
        Values = ImmutableSortedDictionary<string, string>.Empty.Add(EvidenceClaims.Measurement, Convert.ToHexStringLower(Measurement.Span)),
        MinimumTcb = ImmutableSortedDictionary<string, int>.Empty.Add(TcbComponent, TcbVersion),
        ChipIds = ["any"],
        Anchors = [],
        Debug = false,
    };
}
