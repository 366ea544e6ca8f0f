using CleanRoom.Attestation.ArmCca;
using CleanRoom.Attestation.ArmPsa;
using CleanRoom.Attestation.AwsNitro;
using CleanRoom.Attestation.AzureUvm;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.ArmCca;
using CleanRoom.Attestation.Tests.ArmPsa;
using CleanRoom.Attestation.Tests.AwsNitro;
using CleanRoom.Attestation.Tests.AzureUvm;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Attestation.Tests.Cose;

/// <summary>The kinds of COSE messages are told apart, and no bytes make a verifier throw.</summary>
public sealed class TokenRecognitionTests
{
    private static readonly IEvidenceVerifier[] s_verifiers = [new AwsNitroVerifier(), new ArmPsaVerifier(), new ArmCcaVerifier()];

    [Fact]
    public void Made_evidence_is_recognised_by_its_own_verifier_alone()
    {
        Recognising(new NitroMaker().Make()).Should().Equal("aws-nitro");
        Recognising(new PsaMaker().Make()).Should().Equal("arm-psa");
        Recognising(PsaMaker.First.Make()).Should().Equal("arm-psa");
        Recognising(new CcaMaker().Make()).Should().Equal("arm-cca");
        Recognising(new UvmMaker().Make()).Should().BeEmpty("it is no evidence");
        UvmEndorsement.Recognises(new NitroMaker().Make()).Should().BeFalse();
    }

    [Fact]
    public void Every_vector_is_recognised_by_its_own_verifier_alone()
    {
        foreach (var vector in AwsNitroVectors.Cases().Concat(ArmPsaVectors.Cases()).Concat(ArmCcaVectors.Cases()))
        {
            Recognising(vector.Evidence.ToArray()).Should().Equal([vector.Verifier.Tee], vector.Name);
        }
    }

    [Fact]
    public void No_bytes_make_a_verifier_throw()
    {
        byte[][] seeds = [new NitroMaker().Make(), new PsaMaker().Make(), PsaMaker.First.Make(), new CcaMaker().Make(), new UvmMaker().Make()];
        var changed = Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Select(Gen.Int[0, 8_192], Gen.Byte).Array[1, 6], (seed, changes) =>
        {
            var bytes = (byte[])seeds[seed].Clone();
            foreach (var (index, value) in changes)
            {
                bytes[index % bytes.Length] = value;
            }

            return bytes;
        });
        Gen.OneOf(changed, Gen.Byte.Array[0, 64]).Sample(ParseAll, iter: 2_000, threads: 1);
    }

    private static void ParseAll(byte[] bytes)
    {
        foreach (var verifier in s_verifiers)
        {
            verifier.Recognises(bytes);
            verifier.Parse(bytes, [new Bytes(bytes)]).TryGet(out _, out _);
        }

        UvmEndorsement.Parse(bytes).TryGet(out _, out _);
    }

    private static IEnumerable<string> Recognising(byte[] evidence) => s_verifiers.Where(verifier => verifier.Recognises(evidence)).Select(verifier => verifier.Tee);
}
