using System.Collections.Immutable;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Fuzz.Running;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Fuzz.Targets;

/// <summary>Takes changed evidence through parse, verify and appraise, with the policy that its seed meets, and writes both kinds of result.</summary>
/// <param name="seed">The seed that was changed.</param>
/// <param name="signed">The <see cref="Statement"/> of all genuine seeds of the family.</param>
internal sealed class EvidenceJudge(VectorCase seed, ImmutableHashSet<string> signed)
{
    private static readonly Expected<Bytes> s_reportData = Expected.Learned<Bytes>("the fuzzer looks for exceptions and forgeries, not for commitments");

    private readonly AttestationPolicy _policy = Policy(seed);

    /// <summary>Returns what a signature must cover: measurement and report data.</summary>
    public static string Statement(EvidenceClaims claims) => $"{claims.Values.GetValueOrDefault(EvidenceClaims.Measurement)} {claims.ReportData}";

    /// <summary>Judges.</summary>
    /// <exception cref="UnsoundException">Evidence was verified that says what nobody signed.</exception>
    public FuzzOutcome Judge(ImmutableArray<byte[]> parts)
    {
        var verifier = new Recorder(seed.Verifier);
        var presented = new PresentedEvidence(verifier.Tee, new Bytes(parts[0]), [.. parts.Skip(1).Select(part => new Bytes(part))]);
        foreach (var other in EvidenceVerifiers.All)
        {
            _ = other.Recognises(parts[0]);
        }

        var result = EvidenceAppraiser.Appraise(presented, s_reportData, _policy, allowInsecure: true, seed.At, [verifier]);
        _ = result.ToJson();
        _ = new EarResult { Result = result, Policy = _policy, Developer = "test", Build = "test", IssuedAt = seed.At }.ToJson();
        if (verifier.Verified is { } claims && !signed.Contains(Statement(claims)))
        {
            throw new UnsoundException($"verified, though nobody signed {Statement(claims)}");
        }

        return verifier.Verified is not null ? FuzzOutcome.Verified : verifier.IsParsed ? FuzzOutcome.Parsed : FuzzOutcome.Refused;
    }

    /// <summary>One tuple that the seed meets where it is genuine, and one that differs in everything.</summary>
    private static AttestationPolicy Policy(VectorCase seed)
    {
        var parsed = seed.Verifier.Parse(seed.Evidence.Span, seed.Endorsements).TryGet(out var form, out _) ? form : null;
        var claims = parsed is not null && seed.Verifier.Verify(parsed, seed.At).TryGet(out var verified, out _) ? verified.Claims : parsed?.StatedClaims;
        var tuple = new ReferenceTuple
        {
            Tee = seed.Verifier.Tee,
            Values = ImmutableSortedDictionary<string, string>.Empty.Add(
                EvidenceClaims.Measurement, claims?.Values.GetValueOrDefault(EvidenceClaims.Measurement) ?? "00"),
            MinimumTcb = claims?.Tcb ?? ImmutableSortedDictionary<string, int>.Empty,
            ChipIds = ["any"],
            Anchors = claims?.Anchor is { } anchor ? [anchor] : [],
            Debug = claims?.Debug ?? false,
        };
        var other = tuple with { Values = tuple.Values.SetItem(EvidenceClaims.Measurement, "00").Add("other", "value"), ChipIds = ["00"], Anchors = [Digest.Of("other"u8)] };
        return new AttestationPolicy { Accepted = [other, tuple], CodeEndorsers = [] };
    }

    /// <summary>Passes on, and remembers how far the evidence came.</summary>
    private sealed class Recorder(IEvidenceVerifier inner) : IEvidenceVerifier
    {
        public string Tee => inner.Tee;

        public bool IsParsed { get; private set; }

        public EvidenceClaims? Verified { get; private set; }

        public bool Recognises(ReadOnlySpan<byte> evidence) => inner.Recognises(evidence);

        public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
        {
            var result = inner.Parse(evidence, endorsements);
            IsParsed = result.TryGet(out _, out _);
            return result;
        }

        public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
        {
            var result = inner.Verify(evidence, at);
            Verified = result.TryGet(out var verified, out _) ? verified.Claims : null;
            return result;
        }
    }
}
