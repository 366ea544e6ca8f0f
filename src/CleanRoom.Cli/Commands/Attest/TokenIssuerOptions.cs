using System.Collections.Immutable;
using System.CommandLine;
using CleanRoom.Attestation;
using CleanRoom.Attestation.AzureAttestation;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Cli.Hosting;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Attest;

/// <summary>An issuer of tokens whose keys a person has saved: <c>--issuer URL --keys F</c>.</summary>
internal static class TokenIssuerOptions
{
    /// <summary>A key set has up to 256 KiB.</summary>
    private const int MaxKeySetBytes = 256 * 1024;

    /// <summary>Gets the issuer's name.</summary>
    public static Option<string?> Issuer { get; } = new("--issuer") { Description = "The issuer of tokens that is trusted: the exact iss." };

    /// <summary>Gets the file of its keys.</summary>
    public static Option<FileInfo?> Keys { get; } = new("--keys") { Description = "The issuer's key set (JSON, RFC 7517), saved by yourself from the issuer's own address." };

    /// <summary>Returns the verifiers of this program, with that issuer trusted when it is named.</summary>
    /// <returns>The verifiers; or <see cref="RefusalCode.DocumentInvalid"/> when one of the two is missing or the file has no key that can verify.</returns>
    public static Result<ImmutableArray<IEvidenceVerifier>> Read(VerbContext context) => (context.Get(Issuer), context.Get(Keys)) switch
    {
        (null, null) => Verifiers.All,
        ({ } issuer, { } file) => InputFiles.Read(file, MaxKeySetBytes).Then<ImmutableArray<IEvidenceVerifier>>(keys =>
            EvidenceVerifiers.Trusting(Verifiers.All, new TrustedTokenIssuer(issuer, new Bytes(keys))) is { } trusting
                ? trusting
                : new Refusal(RefusalCode.DocumentInvalid, "--keys with a key set (RFC 7517) that has an RSA key with a kid", $"none in {file.FullName}")),
        _ => new Refusal(RefusalCode.DocumentInvalid, "--issuer and --keys together", "one of them"),
    };
}
