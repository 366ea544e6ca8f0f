using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Receipts;

/// <summary>Verifies members' signatures by the delegations in a bundle, up to the root keys that the contract names.</summary>
internal sealed class ReceiptSigners(ISignatureVerifier signatures, ImmutableArray<Bytes> delegations)
{
    /// <summary>Verifies one signature and the delegation behind it.</summary>
    public Result<Delegation> Verify(Envelope envelope, EnvelopeSignature signature, Contract contract)
    {
        foreach (var bytes in delegations)
        {
            if (!EnvelopeCodec.Parse(bytes.Span).TryGet(out var delegated, out var unreadable))
            {
                return unreadable;
            }

            if (!DocumentCodec.Parse<Delegation>(delegated.Payload.Span).TryGet(out var delegation, out var invalid))
            {
                return invalid;
            }

            if (KeyId.Of(delegation.Sign.PublicKey.Span) == signature.KeyId)
            {
                return VerifyRoot(delegated, delegation, contract)
                    .Then(_ => EnvelopeVerifier.Verify(envelope, signature, delegation.Sign, signatures))
                    .Then(_ => Result.Accept(delegation));
            }
        }

        return new Refusal(RefusalCode.SignatureUnknownKey, "a delegation of the signing key", $"none for key {signature.KeyId.Abbreviated}");
    }

    private Result<VerifiedSignature> VerifyRoot(Envelope delegated, Delegation delegation, Contract contract)
    {
        if (contract.Collaborators.FirstOrDefault(c => c.Id == delegation.Collaborator)?.RootKey != delegation.RootKey)
        {
            return new Refusal(RefusalCode.NotPermitted, $"a delegation by the root key of {delegation.Collaborator} in the contract", "another root key");
        }

        return delegated.Signatures is [var signature]
            ? EnvelopeVerifier.Verify(delegated, signature, delegation.RootKey, signatures)
            : new Refusal(RefusalCode.SignatureMissing, "one signature on a delegation", $"{delegated.Signatures.Length}");
    }
}
