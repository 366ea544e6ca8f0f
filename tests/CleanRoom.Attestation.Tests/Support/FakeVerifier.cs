using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>Stands for the verifier of a real TEE: says what the test tells it to say.</summary>
internal sealed class FakeVerifier : IEvidenceVerifier
{
    public string Tee => "fake-tee";

    public EvidenceClaims Claims { get; init; } = new()
    {
        ReportData = new string('0', 128),
        Values = ImmutableSortedDictionary<string, string>.Empty.Add(EvidenceClaims.Measurement, "00ff"),
        Tcb = ImmutableSortedDictionary<string, int>.Empty.Add("microcode", 7),
        ChipId = "c0",
        Debug = false,
        Anchor = Digest.Of("root"u8),
    };

    public ImmutableArray<FailedCheck> ParseFailures { get; init; } = [];

    public ImmutableArray<FailedCheck> VerifyFailures { get; init; } = [];

    public AttestationVerdict Best { get; init; } = AttestationVerdict.Affirming;

    public List<Timestamp> VerifiedAt { get; } = [];

    public bool Recognises(ReadOnlySpan<byte> evidence) => evidence.StartsWith("fake"u8);

    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements) =>
        ParseFailures.IsEmpty ? new FakeParsed(Claims) : ParseFailures;

    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        VerifiedAt.Add(at);
        return VerifyFailures.IsEmpty ? new VerifiedEvidence(evidence.StatedClaims, Best, []) : VerifyFailures;
    }

    private sealed class FakeParsed(EvidenceClaims claims) : ParsedEvidence(claims);
}
