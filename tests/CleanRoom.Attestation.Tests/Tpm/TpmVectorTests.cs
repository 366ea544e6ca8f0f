using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Tpm;

/// <summary>Genuine quotes of software TPMs and of Google's virtual ones, and what was made of them.</summary>
public sealed class TpmVectorTests
{
    [Fact]
    public void Every_quote_of_the_collection_has_the_verdict_and_the_claims_of_the_collection()
    {
        SharedVectors.Require();
        foreach (var one in TpmVectors.Cases())
        {
            var result = EvidenceAppraiser.Authenticate(
                new PresentedEvidence(one.Verifier.Tee, one.Evidence, one.Endorsements), Expected.Learned<Bytes>("a vector"), one.At, [one.Verifier]);

            result.Failures.Select(failure => failure.Check).Should().Equal(one.FailedChecks, one.Name);
            foreach (var (name, value) in one.Claims)
            {
                (name == "reportData" ? result.Claims!.ReportData : result.Claims!.Values.GetValueOrDefault(name)).Should().Be(value, $"{name} of {one.Name}");
            }
        }
    }

    [Theory]
    [InlineData("ecdsa")]
    [InlineData("rsassa")]
    [InlineData("rsapss")]
    public void A_quote_over_two_banks_holds_with_exactly_the_values_of_both(string scheme)
    {
        var (quote, signature, key) = Read($"quote_{scheme}", $"ak_{scheme}");
        var pcrs = Pcrs(quote);

        TpmQuoteCheck.Failures(quote, signature, pcrs, key.Key).Should().BeEmpty();
        TpmQuoteCheck.Failures(quote, signature, new PcrSet(pcrs.Values.Remove((0x0C, 14))), key.Key).Select(one => one.Check).Should().Equal("pcr-selection");
        TpmQuoteCheck.Failures(quote, signature, new PcrSet(pcrs.Values.SetItem((0x0C, 14), new Bytes(new byte[48]))), key.Key).Select(one => one.Check).Should().Equal("pcrs");
    }

    [Fact]
    public void A_quote_after_a_reset_of_a_pcr_does_not_hold_with_the_values_from_before()
    {
        var (quote, signature, key) = Read("quote_rsassa_pcr16_reset", "ak_rsassa");

        TpmQuoteCheck.Failures(quote, signature, Pcrs(quote), key.Key).Select(one => one.Check).Should().Equal("pcrs");
    }

    [Fact]
    public void A_signature_with_sha1_is_no_signature()
    {
        var (quote, signature, key) = Read("quote_rsassa", "ak_rsassa");

        TpmQuoteCheck.Failures(quote, signature with { HashAlgorithm = 0x0004 }, Pcrs(quote), key.Key).Select(one => one.Check).Should().Equal("signature-hash");
    }

    private static (TpmQuoteStatement Quote, TpmSignature Signature, TpmPublicKey Key) Read(string quote, string key)
    {
        TpmQuoteStatement.Parse(SharedVectors.Read($"tpm/swtpm/{quote}.attest")).TryGet(out var statement, out _).Should().BeTrue();
        return (
            statement!,
            TpmSignature.Parse(SharedVectors.Read($"tpm/swtpm/{quote}.tpmtsig"))!,
            TpmPublicKey.Parse(TpmVectors.PublicOf($"tpm/swtpm/{key}.pub.tpm2b"))!);
    }

    private static PcrSet Pcrs(TpmQuoteStatement quote)
    {
        var values = new[] { (Algorithm: (ushort)0x0B, Name: "sha256"), (Algorithm: (ushort)0x0C, Name: "sha384") }
            .SelectMany(bank => TpmVectors.Pcrs("tpm/swtpm/pcrs.json", bank.Name).Select(pcr => ((bank.Algorithm, pcr.Key), Value: pcr.Value)))
            .Where(pcr => quote.Selections.Any(bank => bank.Algorithm == pcr.Item1.Algorithm && bank.Indices.Contains(pcr.Item1.Key)));
        return new PcrSet(values.ToImmutableSortedDictionary(pcr => pcr.Item1, pcr => new Bytes(Convert.FromHexString(pcr.Value))));
    }
}
