using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Endorsements;

/// <summary>Decides whether a code endorsement is one under a contract: the node's fold, a client before it has the ledger, and a stranger with a receipt call this.</summary>
/// <remarks>Pure: no clock, no network. When it counts is asked of what comes out. Spec: contracts/spec/0025 s.4.</remarks>
public static class EndorsementVerifier
{
    /// <summary>The largest encoded endorsement, in bytes: 64 KiB.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>Reads an envelope that may lack signatures. Nothing is verified.</summary>
    /// <param name="encoded">Trust: attacker-controlled.</param>
    /// <returns>The envelope and what it holds; or <see cref="RefusalCode.DocumentTooLarge"/>, or the refusals of the envelope and the document.</returns>
    public static Result<(Envelope Envelope, CodeEndorsement Endorsement)> Parse(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length > MaxBytes)
        {
            return new Refusal(RefusalCode.DocumentTooLarge, $"a code endorsement of at most {MaxBytes} bytes", $"{encoded.Length}");
        }

        return EnvelopeCodec.Parse(encoded).Then(envelope => DocumentCodec.ParsePayload(envelope).Then<(Envelope, CodeEndorsement)>(document =>
            document is CodeEndorsement endorsement
                ? (envelope, endorsement)
                : new Refusal(RefusalCode.DocumentInvalid, "a code endorsement", DocumentCodec.TypeOf(document))));
    }

    /// <summary>Verifies an endorsement against the contract that names its signers.</summary>
    /// <param name="encoded">Trust: attacker-controlled.</param>
    /// <param name="collaboration">The collaboration's id.</param>
    /// <param name="contract">The contract that the caller holds. Trust: trusted; <see cref="Contracts.ContractRules"/> has checked it.</param>
    /// <param name="signatures">Checks raw signatures.</param>
    /// <returns>
    /// The endorsement; or all reasons of <see cref="Parse"/>, or of <see cref="EndorsementRules.Check"/> with <see cref="RefusalCode.SignatureMissing"/> for each endorser
    /// that has not signed, <see cref="RefusalCode.SignatureInvalid"/>, and <see cref="RefusalCode.SignatureUnknownKey"/> for each signature by another.
    /// </returns>
    public static Result<VerifiedEndorsement> Verify(ReadOnlySpan<byte> encoded, string collaboration, Contract contract, ISignatureVerifier signatures)
    {
        if (!Parse(encoded).TryGet(out var read, out var refusals))
        {
            return refusals;
        }

        refusals = [.. EndorsementRules.Check(read.Endorsement, collaboration, contract), .. WhyNotSigned(read.Envelope, contract, signatures)];
        return refusals.IsEmpty ? new VerifiedEndorsement(read.Endorsement, read.Envelope.PayloadDigest, new Bytes(encoded)) : refusals;
    }

    /// <summary>Returns the endorsers whose signature is not there; what is there is not verified.</summary>
    public static ImmutableArray<Bytes> Missing(Envelope envelope, Contract contract)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(contract);
        return [.. contract.Attestation.CodeEndorsers.Where(key => Find(envelope, key) is null)];
    }

    /// <summary>Every key that the contract names, and no other. Fewer than all would let one stolen key choose the code that opens the data.</summary>
    private static IEnumerable<Refusal> WhyNotSigned(Envelope envelope, Contract contract, ISignatureVerifier signatures)
    {
        var endorsers = contract.Attestation.CodeEndorsers;
        foreach (var key in endorsers)
        {
            if (Find(envelope, key) is not { } signature)
            {
                yield return new(
                    RefusalCode.SignatureMissing, $"the signatures of all {endorsers.Length} code endorsers of the contract", $"none by {KeyId.Of(key.Span).Abbreviated}");
                continue;
            }

            foreach (var refusal in EnvelopeVerifier.Verify(envelope, signature, key, signatures).Refusals)
            {
                yield return refusal with { Got = $"{refusal.Got}, of code endorser {signature.KeyId.Abbreviated}" };
            }
        }

        var known = endorsers.Select(key => KeyId.Of(key.Span)).ToHashSet();
        foreach (var stranger in envelope.Signatures.Where(signature => !known.Contains(signature.KeyId)))
        {
            yield return new(RefusalCode.SignatureUnknownKey, "signatures by code endorsers of the contract alone", $"one by {stranger.KeyId.Abbreviated}");
        }
    }

    private static EnvelopeSignature? Find(Envelope envelope, Bytes key)
    {
        var id = KeyId.Of(key.Span);
        return envelope.Signatures.FirstOrDefault(signature => signature.KeyId == id);
    }
}
