using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>A person with keys, and the root key of the collaborator that delegates to it.</summary>
public sealed record TestMember(string Collaborator, string Member, Es256TestKey Root, Es256TestKey Key, ImmutableArray<MemberRole> Roles)
{
    /// <summary>Gets the delegation document.</summary>
    public Delegation Delegation => new()
    {
        Collaborator = Collaborator,
        RootKey = Root.PublicKey,
        Member = Member,
        DisplayName = Member,
        Sign = new SignKey { Kind = SignatureKind.Es256, PublicKey = Key.PublicKey, RpId = null, Origins = [], UserVerification = false },
        ReceiveKey = Es256TestKey.Named($"{Collaborator}/{Member} receive").PublicKey,
        WitnessKey = TestRandom.Ed25519($"{Collaborator}/{Member} witness").PublicKey,
        Roles = Roles,
        NotBefore = TestPeople.From,
        Expires = TestPeople.Until,
        Nonce = TestRandom.Nonce($"{Collaborator}/{Member} delegation"),
    };

    /// <summary>Gets the person as approvals count it.</summary>
    public Signatory Signatory => new(Collaborator, Member, Key.PublicKey);

    /// <summary>Makes a person of a collaborator, with keys of its own.</summary>
    public static TestMember Of(string collaborator, string member, params ImmutableArray<MemberRole> roles) =>
        new(collaborator, member, TestPeople.Root(collaborator), Es256TestKey.Named($"{collaborator}/{member} sign"), roles);

    /// <summary>Returns the delegation, signed by the root key.</summary>
    public Envelope Delegate() => Root.Sign(Delegation);

    /// <summary>Returns the statement of the root key that ends the delegation.</summary>
    public Envelope Revoke() => Root.Sign(Revocation);

    /// <summary>Gets the document that ends the delegation.</summary>
    public MemberRevocation Revocation => new()
    {
        Collaborator = Collaborator,
        Member = Member,
        DelegationDigest = DocumentCodec.DigestOf(Delegation),
        Reason = "left",
        Nonce = TestRandom.Nonce($"{Collaborator}/{Member} revocation"),
    };

    /// <summary>Signs a document as this person.</summary>
    public Envelope Sign(Document document) => Key.Sign(document);
}
