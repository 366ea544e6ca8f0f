using System.Collections.Immutable;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Client.Contracts;

/// <summary>What code endorsers do, each on its own machine: one makes the endorsement and signs, the others sign the same bytes. Spec: contracts/spec/0025.</summary>
public static class CodeEndorsing
{
    /// <summary>Makes an endorsement that nobody has signed yet.</summary>
    /// <param name="contract">The contract in force.</param>
    /// <param name="collaboration">The collaboration's id.</param>
    /// <param name="tuple">The code.</param>
    /// <param name="reason">Why, in words for the collaborators.</param>
    /// <param name="from">When it begins.</param>
    /// <param name="lasts">How long it counts; it ends with the contract at the latest.</param>
    public static Envelope Make(Contract contract, string collaboration, ReferenceTuple tuple, string reason, Timestamp from, TimeSpan lasts)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var end = from.Plus(lasts);
        var endorsement = new CodeEndorsement
        {
            Collaboration = collaboration,
            ContractDigest = DocumentCodec.DigestOf(contract),
            Tuple = tuple,
            Reason = reason,
            NotBefore = from,
            Expires = end < contract.Expires ? end : contract.Expires,
            Nonce = Nonces.Fresh(),
        };
        return new Envelope(DocumentCodec.PayloadTypeOf(endorsement), new Bytes(DocumentCodec.Encode(endorsement)), []);
    }

    /// <summary>Adds a code endorser's signature.</summary>
    /// <param name="before">An endorsement with the signatures of other endorsers, or with none. Trust: whoever handed it over.</param>
    /// <param name="contract">The contract in force, as the endorser has read it.</param>
    /// <param name="key">The endorser's key.</param>
    /// <param name="verifier">Checks the signatures that are there.</param>
    /// <param name="cancellationToken">Stops before the signature.</param>
    /// <returns>
    /// The endorsement with one signature more; or what is wrong with it under the contract (<see cref="EndorsementRules.Check"/>); or
    /// <see cref="RefusalCode.SignatureUnknownKey"/> for a key, or a signature, of nobody whom the contract names; <see cref="RefusalCode.SignatureInvalid"/>; or
    /// <see cref="RefusalCode.Replayed"/> when the key has signed already.
    /// </returns>
    public static async Task<Result<Envelope>> SignAsync(
        Envelope before, Contract contract, ISigningKey key, ISignatureVerifier verifier, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(key);
        if (!DocumentCodec.Parse<CodeEndorsement>(before.Payload.Span).TryGet(out var endorsement, out var refusals))
        {
            return refusals;
        }

        if (!contract.Attestation.CodeEndorsers.Contains(key.PublicKey))
        {
            return new Refusal(RefusalCode.SignatureUnknownKey, "a key that the contract names among its code endorsers", $"key {KeyId.Of(key.PublicKey.Span).Abbreviated}");
        }

        // A signature under a text that could never count would be worth nothing, and look like something.
        if (EndorsementRules.Check(endorsement, endorsement.Collaboration, contract) is { IsEmpty: false } wrong)
        {
            return wrong;
        }

        foreach (var signature in before.Signatures)
        {
            if (WhyNotThere(before, signature, contract, key, verifier) is { IsEmpty: false } why)
            {
                return why;
            }
        }

        var signed = await EnvelopeSigner.SignAsync(key, endorsement, cancellationToken);
        return before with { Signatures = [.. before.Signatures, .. signed.Signatures] };
    }

    private static ImmutableArray<Refusal> WhyNotThere(
        Envelope before, EnvelopeSignature signature, Contract contract, ISigningKey key, ISignatureVerifier verifier)
    {
        if (signature.KeyId == KeyId.Of(key.PublicKey.Span))
        {
            return [new Refusal(RefusalCode.Replayed, "an endorsement that this key has not signed", "one that it has")];
        }

        var signer = contract.Attestation.CodeEndorsers.FirstOrDefault(endorser => KeyId.Of(endorser.Span) == signature.KeyId);
        return signer.Length == 0
            ? [new Refusal(RefusalCode.SignatureUnknownKey, "signatures by code endorsers of the contract alone", $"one by {signature.KeyId.Abbreviated}")]
            : EnvelopeVerifier.Verify(before, signature, signer, verifier).Refusals;
    }
}
