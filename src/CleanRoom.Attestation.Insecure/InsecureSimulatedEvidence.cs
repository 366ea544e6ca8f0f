using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Insecure;

/// <summary>The evidence of the simulated TEE: one canonical JSON object with a signature that anyone can make. INSECURE.</summary>
/// <remarks>Spec: contracts/spec/0006 s.7.</remarks>
internal sealed class InsecureSimulatedEvidence : ParsedEvidence
{
    /// <summary>The member <c>type</c>, and the label of the signature.</summary>
    internal const string Type = "cleanroom/v1/insecure-simulated-evidence";

    /// <summary>The member <c>words</c>: whoever looks at the bytes reads what they are worth.</summary>
    internal const string Words = "INSECURE simulated evidence: proves nothing about the machine";

    private const int MaxBytes = 4_096;

    private readonly byte[] _signed;
    private readonly Bytes _signature;

    private InsecureSimulatedEvidence(InsecureSimulatedMachine machine, Bytes reportData, Bytes signature)
        : base(ClaimsOf(machine, reportData)) => (_signed, _signature) = (SignedBytes(machine, reportData), signature);

    /// <summary>Gets a value that says whether the publicly known key made the signature.</summary>
    public bool IsSigned => InsecureSimulatedKey.Verify(_signed, _signature);

    /// <summary>Writes evidence.</summary>
    public static Bytes Make(InsecureSimulatedMachine machine, Bytes reportData)
    {
        var signature = InsecureSimulatedKey.Sign(SignedBytes(machine, reportData));
        return new Bytes(Jcs.Write(new JsonObject(Members(machine, reportData).Add(new JsonMember("signature", signature)))));
    }

    /// <summary>Reads evidence; only the one written form passes.</summary>
    public static CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence)
    {
        if (!StrictJson.Parse(evidence, MaxBytes).TryGet(out var tree, out var refusals))
        {
            return Invalid(refusals[0].Wanted, refusals[0].Got);
        }

        if (tree is not JsonObject o
            || !TryHex(o, "measurement", InsecureSimulatedMachine.MeasurementBytes, out var measurement)
            || !TryHex(o, "hostData", InsecureSimulatedMachine.HostDataBytes, out var hostData)
            || !TryHex(o, "chipId", InsecureSimulatedMachine.ChipIdBytes, out var chipId)
            || !TryHex(o, "reportData", AttestationBinding.ReportDataLength, out var reportData)
            || o.Find("debug") is not JsonBoolean debug
            || (o.Find("tcb") as JsonObject)?.Find(InsecureSimulatedMachine.TcbComponent) is not JsonInteger { Value: >= 0 and <= int.MaxValue } tcb
            || !Bytes.TryParse((o.Find("signature") as JsonString)?.Value, out var signature))
        {
            return Invalid($"the members of {Type}", "other members");
        }

        var machine = new InsecureSimulatedMachine
        {
            Measurement = measurement,
            HostData = hostData,
            ChipId = chipId,
            TcbVersion = (int)tcb.Value,
            Debug = debug.Value,
        };
        var written = Jcs.Write(new JsonObject(Members(machine, reportData).Add(new JsonMember("signature", signature))));
        return evidence.SequenceEqual(written)
            ? new InsecureSimulatedEvidence(machine, reportData, signature)
            : Invalid("the one written form", "another spelling, or a member too many");
    }

    private static FailedCheck Invalid(string wanted, string got) => new(RefusalCode.EvidenceInvalid, "evidence-format", wanted, got);

    private static byte[] SignedBytes(InsecureSimulatedMachine machine, Bytes reportData) =>
        [.. Encoding.ASCII.GetBytes(Type), 0, .. Jcs.Write(new JsonObject(Members(machine, reportData)))];

    private static ImmutableArray<JsonMember> Members(InsecureSimulatedMachine machine, Bytes reportData) =>
    [
        new("chipId", Hex(machine.ChipId)),
        new("debug", machine.Debug ? JsonBoolean.True : JsonBoolean.False),
        new("hostData", Hex(machine.HostData)),
        new("measurement", Hex(machine.Measurement)),
        new("reportData", Hex(reportData)),
        new("tcb", new JsonObject(new JsonMember(InsecureSimulatedMachine.TcbComponent, machine.TcbVersion))),
        new("type", Type),
        new("words", Words),
    ];

    private static EvidenceClaims ClaimsOf(InsecureSimulatedMachine machine, Bytes reportData) => new()
    {
        ReportData = Hex(reportData),
        Values = ImmutableSortedDictionary<string, string>.Empty
            .Add(EvidenceClaims.Measurement, Hex(machine.Measurement))
            .Add("hostData", Hex(machine.HostData)),
        Tcb = ImmutableSortedDictionary<string, int>.Empty.Add(InsecureSimulatedMachine.TcbComponent, machine.TcbVersion),
        ChipId = Hex(machine.ChipId),
        Debug = machine.Debug,
        Anchor = null,
    };

    private static string Hex(Bytes value) => Convert.ToHexStringLower(value.Span);

    private static bool TryHex(JsonObject o, string name, int length, out Bytes value)
    {
        value = default;
        if (o.Find(name) is not JsonString text || text.Value.Length != 2 * length || !text.Value.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        value = new Bytes(Convert.FromHexString(text.Value));
        return true;
    }
}
