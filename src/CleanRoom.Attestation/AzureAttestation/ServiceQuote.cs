using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.OpenEnclave;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>The SGX quote of the service's own enclave, which it puts into the certificate of its signing key.</summary>
/// <param name="State">One of <see cref="None"/> and the others.</param>
/// <param name="Enclave">What the quote says; null unless it was verified.</param>
/// <param name="Failures">What is wrong with the quote; empty also where there is none, or where it could not be judged.</param>
/// <remarks>Spec: contracts/spec/attestation/azure-attestation.md, "The service's own quote".</remarks>
internal sealed record ServiceQuote(string State, EvidenceClaims? Enclave, ImmutableArray<FailedCheck> Failures)
{
    /// <summary>The certificate holds no quote, or there is no certificate.</summary>
    public const string None = "none";

    /// <summary>The quote is about the key; collateral that it needs did not come, or a certificate in it is of another time than the token.</summary>
    public const string Unverified = "unverified";

    /// <summary>The quote is about the key and was verified.</summary>
    public const string Verified = "verified";

    /// <summary>As <see cref="Verified"/>, of an enclave into which a debugger may look.</summary>
    public const string Debuggable = "debuggable";

    private const string Check = "service-quote";

    private static readonly ImmutableArray<string> s_extensions = ["1.3.6.1.4.1.311.105.1", "1.2.840.113556.10.1.1"];

    /// <summary>Looks for the quote and verifies it as of a moment.</summary>
    /// <param name="endorsements">May hold Intel's collateral. Trust: attacker-controlled.</param>
    public static ServiceQuote Of(Certificate? certificate, IReadOnlyList<Bytes> endorsements, IntelSgxVerifier sgx, Timestamp at)
    {
        if (certificate is null || s_extensions.Select(certificate.Extension).FirstOrDefault(found => found.Length > 0) is not { Length: > 0 } content)
        {
            return new ServiceQuote(None, Enclave: null, []);
        }

        if (OpenEnclaveFrame.Parse(content.Span)?.Quote is not { } bytes || !sgx.Parse(bytes.Span, endorsements).TryGet(out var quote, out _))
        {
            return Refused("a remote report of open enclave in the certificate's extension", "another form");
        }

        // Without this a genuine quote of the service is copied beside anybody's key.
        var bound = Bound(certificate);
        if (quote.StatedClaims.ReportData != bound)
        {
            return Refused($"report data {bound}", quote.StatedClaims.ReportData);
        }

        if (sgx.Verify(quote, at).TryGet(out var verified, out var failures))
        {
            return new ServiceQuote(verified.Claims.Debug ? Debuggable : Verified, verified.Claims, []);
        }

        return failures.All(IsOpen)
            ? new ServiceQuote(Unverified, Enclave: null, [])
            : new ServiceQuote(Unverified, Enclave: null, [.. failures.Select(failure => failure with { Check = $"{Check}-{failure.Check}" })]);
    }

    /// <summary>Returns the claims about the service that are known.</summary>
    public IEnumerable<KeyValuePair<string, string>> Claims()
    {
        yield return new("serviceQuote", State);
        if (Enclave is { } enclave)
        {
            yield return new("serviceMeasurement", enclave.Values[EvidenceClaims.Measurement]);
            yield return new("serviceSigner", enclave.Values["mrSigner"]);
            yield return new("serviceTcbStatus", enclave.Values["tcbStatus"]);
        }
    }

    /// <summary>The service renews certificate and quote for the same key, so a key set that was fetched later has a quote of a later time.</summary>
    private static bool IsOpen(FailedCheck failure) =>
        failure.Code == RefusalCode.EndorsementMissing || failure.Check.EndsWith("chain-validity", StringComparison.Ordinal);

    /// <summary>The enclave binds SHA-256 of its key in PEM as OpenSSL writes it, with the zero that ends a string in C.</summary>
    private static string Bound(Certificate certificate)
    {
        var pem = PemEncoding.WriteString("PUBLIC KEY", certificate.Spki.Span);
        return Hex.Of([.. SHA256.HashData(Encoding.ASCII.GetBytes(pem + "\n\0")), .. new byte[SHA256.HashSizeInBytes]]);
    }

    private static ServiceQuote Refused(string wanted, string got) => new(None, Enclave: null, [FailedCheck.Invalid(Check, wanted, got)]);
}
