using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Receipts;

/// <summary>Verifies members' signatures by the delegations in a bundle.</summary>
/// <remarks>A delegation is verified by the root key that it names; whether a contract names that key is <see cref="IsOf"/>.</remarks>
internal sealed class ReceiptSigners
{
    private readonly ISignatureVerifier _signatures;
    private readonly ImmutableArray<(Digest KeyId, Delegation Delegation)> _delegations;
    private readonly HashSet<int> _used = [];

    private ReceiptSigners(ISignatureVerifier signatures, ImmutableArray<(Digest KeyId, Delegation Delegation)> delegations) =>
        (_signatures, _delegations) = (signatures, delegations);

    /// <summary>Gets the number of delegations that no verified signature needed.</summary>
    public int Unused => _delegations.Length - _used.Count;

    /// <summary>Reads delegations and verifies each one's root signature.</summary>
    /// <param name="encoded">The delegations' envelopes. Trust: attacker-controlled.</param>
    /// <param name="at">When the receipt was written; each delegation had begun by then.</param>
    public static Result<ReceiptSigners> Of(ImmutableArray<Bytes> encoded, Timestamp at, ISignatureVerifier signatures)
    {
        var delegations = ImmutableArray.CreateBuilder<(Digest, Delegation)>();
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        foreach (var bytes in encoded)
        {
            if (Read(bytes, at, signatures).TryGet(out var delegation, out var refused))
            {
                delegations.Add((KeyId.Of(delegation.Sign.PublicKey.Span), delegation));
            }

            refusals.AddRange(refused);
        }

        return refusals.Count == 0 ? new ReceiptSigners(signatures, delegations.ToImmutable()) : refusals.ToImmutable();
    }

    /// <summary>Says whether a contract names the root key that delegated.</summary>
    public static bool IsOf(Contract contract, Delegation delegation) =>
        contract.Collaborators.FirstOrDefault(c => c.Id == delegation.Collaborator)?.RootKey == delegation.RootKey;

    /// <summary>Finds the delegation of a signature's key, verifies the signature and requires one of the roles.</summary>
    public Result<Delegation> Verify(Envelope envelope, EnvelopeSignature signature, params ImmutableArray<MemberRole> roles)
    {
        for (var i = 0; i < _delegations.Length; i++)
        {
            var (keyId, delegation) = _delegations[i];
            if (keyId == signature.KeyId)
            {
                _used.Add(i);
                return EnvelopeVerifier.Verify(envelope, signature, delegation.Sign, _signatures).Then<Delegation>(_ =>
                    delegation.Roles.Any(roles.Contains)
                        ? delegation
                        : new Refusal(
                            RefusalCode.RoleMissing,
                            $"role {string.Join(" or ", roles.Select(role => role.ToString().ToLowerInvariant()))}",
                            $"{delegation.Collaborator}/{delegation.Member}"));
            }
        }

        return new Refusal(RefusalCode.SignatureUnknownKey, "a delegation of the signing key", $"none for key {signature.KeyId.Abbreviated}");
    }

    private static Result<Delegation> Read(Bytes bytes, Timestamp at, ISignatureVerifier signatures)
    {
        if (!EnvelopeCodec.Parse(bytes.Span).TryGet(out var envelope, out var unreadable))
        {
            return unreadable;
        }

        if (!DocumentCodec.Parse<Delegation>(envelope.Payload.Span).TryGet(out var delegation, out var invalid))
        {
            return invalid;
        }

        var type = DocumentCodec.PayloadTypeOf(delegation);
        if (envelope.PayloadType != type)
        {
            return new Refusal(RefusalCode.EnvelopeInvalid, $"payload type {type}", envelope.PayloadType);
        }

        if (delegation.Sign.PublicKey.Length != EnvelopeVerifier.PublicKeyLength)
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"a sign key of {EnvelopeVerifier.PublicKeyLength} bytes", $"{delegation.Sign.PublicKey.Length} bytes");
        }

        if (delegation.NotBefore > at)
        {
            return new Refusal(RefusalCode.MemberExpired, $"a delegation in force by {at}", $"one from {delegation.NotBefore}");
        }

        return envelope.Signatures is [var signature]
            ? EnvelopeVerifier.Verify(envelope, signature, delegation.RootKey, signatures).Then(_ => Result.Accept(delegation))
            : new Refusal(RefusalCode.SignatureMissing, "one signature on a delegation", $"{envelope.Signatures.Length}");
    }
}
