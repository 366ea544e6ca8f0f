using System.Collections.Immutable;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Sealing;
using CleanRoom.Attesters.Tpm.Commands;
using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Seals to a TPM: the same TPM opens it, and only while its PCRs have the values that they had.</summary>
/// <remarks>A fresh AES key per secret is what the TPM seals. Spec: contracts/spec/0006 s.10.</remarks>
public sealed class TpmSecretSealer(TpmAccess tpm, PcrSelection pcrs, ICryptoBackend backend) : ISecretSealer
{
    private readonly SealedBody _body = new(backend, "cleanroom/v1/tpm-seal");

    /// <inheritdoc/>
    public string Kind => "tpm-pcr-policy";

    /// <inheritdoc/>
    public async ValueTask<Bytes> SealAsync(SecretBytes secret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        SealedBody.Require(secret);
        using var key = SecretBytes.Random(AesGcmFormat.KeyBytes);
        var header = await tpm.UseAsync(
            async client =>
            {
                var values = await client.ReadPcrsAsync(pcrs);
                var parent = await client.CreatePrimaryAsync(TpmConstants.Owner, TpmTemplates.StorageKey());
                return new TpmSealHeader(values, await client.SealAsync(parent, key, values.PolicyDigest()));
            },
            cancellationToken);
        return await _body.SealAsync(key, header.ToBytes(), secret, context, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<SecretBytes>> UnsealAsync(
        ReadOnlyMemory<byte> sealedSecret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        if (!TpmSealHeader.Parse(sealedSecret).TryGet(out var parsed, out var refusals))
        {
            return refusals;
        }

        var body = sealedSecret[parsed.Length..];
        if (!SealedBody.HasForm(body))
        {
            return new Refusal(RefusalCode.SealInvalid, "a secret of 1 to 4096 bytes", "another length");
        }

        var opened = await tpm.UseAsync(client => OpenKeyAsync(client, parsed.Header), cancellationToken);
        if (!opened.TryGet(out var key, out refusals))
        {
            return refusals;
        }

        using (key)
        {
            return key.Length == AesGcmFormat.KeyBytes
                ? await _body.OpenAsync(key, sealedSecret[..parsed.Length], body, context, cancellationToken)
                : new Refusal(RefusalCode.SealInvalid, $"a key of {AesGcmFormat.KeyBytes} bytes", $"{key.Length} bytes");
        }
    }

    private static async ValueTask<Result<SecretBytes>> OpenKeyAsync(TpmClient client, TpmSealHeader header)
    {
        // The TPM would refuse as well, but could not say which.
        var changed = Changed(header.Pcrs, await client.ReadPcrsAsync(header.Pcrs.Selection));
        if (!changed.IsEmpty)
        {
            return changed;
        }

        var parent = await client.CreatePrimaryAsync(TpmConstants.Owner, TpmTemplates.StorageKey());
        var loaded = await client.TryLoadAsync(parent, header.Object);
        if (!loaded.IsDone)
        {
            return Refused(client, "an object that this tpm sealed", loaded.Code);
        }

        var (secret, code) = await client.TryUnsealAsync(loaded.Handle, await client.StartPcrPolicyAsync(header.Pcrs.Selection));
        return secret is null ? Refused(client, "an object whose policy is the pcrs of its header", code) : secret;
    }

    private static ImmutableArray<Refusal> Changed(PcrValues wanted, PcrValues got) => [.. wanted.Selection.Indices
        .Select((index, place) => (Index: index, Wanted: wanted.Values[place], Got: got.Values[place]))
        .Where(pcr => !pcr.Wanted.Span.SequenceEqual(pcr.Got.Span))
        .Select(pcr => new Refusal(
            RefusalCode.SealInvalid, $"pcr {pcr.Index} {Convert.ToHexStringLower(pcr.Wanted.Span)}", Convert.ToHexStringLower(pcr.Got.Span)))];

    /// <summary>An error about the object or the session is the sealed bytes' fault; any other is the machine's.</summary>
    private static Refusal Refused(TpmClient client, string wanted, uint code) => (code & TpmConstants.FormatOne) != 0
        ? new Refusal(RefusalCode.SealInvalid, wanted, $"response code 0x{code:x3}")
        : throw new AttesterException($"{client.Name}: wanted the tpm to open a sealed object, got response code 0x{code:x3}");
}
