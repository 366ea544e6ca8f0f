using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>What results and reports share: salted, committed to, sealed once under a fresh key that is wrapped for each reader.</summary>
/// <remarks>The labels keep the two apart: a report never opens as a result. Spec: contracts/spec/0010 s.8.</remarks>
/// <param name="CommitmentLabel">Label of the commitment.</param>
/// <param name="KeyInfo">HPKE info of the wraps.</param>
/// <param name="AssociatedData">What the blob is bound to.</param>
/// <param name="WrapAssociatedData">What the wrap of a reader is bound to: collaborator, member, commitment.</param>
internal sealed record SealedAnswers(
    string CommitmentLabel,
    ReadOnlyMemory<byte> KeyInfo,
    ReadOnlyMemory<byte> AssociatedData,
    Func<string, string, Digest, byte[]> WrapAssociatedData)
{
    internal const int SaltBytes = 32;

    internal async ValueTask<SealedResult> SealAsync(ICryptoBackend backend, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var key = DataKey.Generate();
        var salted = new byte[checked(SaltBytes + payload.Length)];
        try
        {
            RandomNumberGenerator.Fill(salted.AsSpan(0, SaltBytes));
            payload.CopyTo(salted.AsMemory(SaltBytes));
            var blob = await SealedStream.SealAsync(backend, key.Secret, AssociatedData, salted, cancellationToken);
            return new SealedResult(blob, Commit(salted), key, new Bytes(salted.AsSpan(0, SaltBytes)));
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(salted);
        }
    }

    internal async ValueTask<Result<ResultWrap>> WrapAsync(
        ICryptoBackend backend, string collaborator, string member, Bytes receiveKey, SealedResult result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        var wrapped = await Hpke.SealAsync(
            backend,
            receiveKey,
            KeyInfo,
            WrapAssociatedData(collaborator, member, result.Commitment),
            result.Key.Secret.Memory,
            cancellationToken);
        return wrapped.Then<ResultWrap>(wrap => new ResultWrap
        {
            Collaborator = collaborator,
            Member = member,
            Enc = wrap.Enc,
            Ciphertext = wrap.Ciphertext,
        });
    }

    internal async ValueTask<Result<OpenedResult>> OpenAsync(
        ICryptoBackend backend,
        IAgreementKey receiveKey,
        Digest commitment,
        ReadOnlyMemory<byte> blob,
        ImmutableArray<ResultWrap> wraps,
        string collaborator,
        string member,
        CancellationToken cancellationToken)
    {
        // The host's list came as JSON, which lets null into it.
        if (wraps.Any(candidate => candidate is null))
        {
            return new Refusal(RefusalCode.SealInvalid, "wraps that each name a reader", "null among them");
        }

        var wrap = wraps.FirstOrDefault(candidate =>
            string.Equals(candidate.Collaborator, collaborator, StringComparison.Ordinal)
            && string.Equals(candidate.Member, member, StringComparison.Ordinal));
        if (wrap is null)
        {
            return new Refusal(RefusalCode.ResultUnknown, $"a key wrapped for {collaborator}/{member}", $"{wraps.Length} for others");
        }

        var unwrapped = await KeyWraps.OpenAsync(
            backend,
            receiveKey,
            new HpkeCiphertext(wrap.Enc, wrap.Ciphertext),
            KeyInfo,
            WrapAssociatedData(collaborator, member, commitment),
            cancellationToken);
        if (!unwrapped.TryGet(out var key, out var refusals))
        {
            return refusals;
        }

        using (key)
        {
            var opened = await SealedStream.OpenAsync(backend, key.Secret, AssociatedData, blob, cancellationToken);
            return opened.Then(salted => Check(salted, commitment));
        }
    }

    internal Digest Commit(ReadOnlySpan<byte> salted) => Digest.Labelled(CommitmentLabel, salted);

    private Result<OpenedResult> Check(byte[] salted, Digest commitment) => salted.Length >= SaltBytes && Commit(salted) == commitment
        ? new OpenedResult(new Bytes(salted.AsSpan(0, SaltBytes)), salted.AsMemory(SaltBytes))
        : new Refusal(RefusalCode.SealInvalid, $"bytes of commitment {commitment.Abbreviated}", "others under the same key");
}
