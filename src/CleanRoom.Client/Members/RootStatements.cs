using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Client.Members;

/// <summary>What a collaborator's root key signs: who acts for it, and who does not any more. Spec: contracts/spec/0004.</summary>
public static class RootStatements
{
    /// <summary>Delegates to a member.</summary>
    /// <returns>The signed statement, to be appended or handed to the proposer of the first contract.</returns>
    public static ValueTask<Envelope> DelegateAsync(ISigningKey rootKey, DelegationTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rootKey);
        ArgumentNullException.ThrowIfNull(terms);
        var delegation = new Delegation
        {
            Collaborator = terms.Collaborator,
            RootKey = rootKey.PublicKey,
            Member = terms.Member,
            DisplayName = terms.DisplayName,
            Sign = terms.Card.Passkey is { } place
                ? new SignKey { Kind = SignatureKind.WebAuthn, PublicKey = terms.Card.SignKey, RpId = place.RpId, Origins = [place.Origin], UserVerification = true }
                : new SignKey { Kind = SignatureKind.Es256, PublicKey = terms.Card.SignKey, RpId = null, Origins = [], UserVerification = false },
            ReceiveKey = terms.Card.ReceiveKey,
            WitnessKey = terms.Card.WitnessKey,
            Roles = terms.Roles,
            NotBefore = terms.NotBefore,
            Expires = terms.Expires,
            Nonce = Nonces.Fresh(),
        };
        return EnvelopeSigner.SignAsync(rootKey, delegation, cancellationToken);
    }

    /// <summary>Ends a member's delegation at once.</summary>
    /// <param name="rootKey">The key that made it.</param>
    /// <param name="delegation">The delegation that ends.</param>
    /// <param name="reason">In words, for the other collaborators.</param>
    /// <param name="cancellationToken">Stops before the signature.</param>
    public static ValueTask<Envelope> RevokeAsync(ISigningKey rootKey, Delegation delegation, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rootKey);
        ArgumentNullException.ThrowIfNull(delegation);
        var revocation = new MemberRevocation
        {
            Collaborator = delegation.Collaborator,
            Member = delegation.Member,
            DelegationDigest = DocumentCodec.DigestOf(delegation),
            Reason = reason,
            Nonce = Nonces.Fresh(),
        };
        return EnvelopeSigner.SignAsync(rootKey, revocation, cancellationToken);
    }
}
