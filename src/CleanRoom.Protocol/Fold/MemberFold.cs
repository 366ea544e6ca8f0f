using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts.Rules;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Fold;

/// <summary>Members come and go by their collaborator's root key alone.</summary>
internal static class MemberFold
{
    private const int MaxMemberLength = 63;

    public static Result<CollaborationState> Apply(FoldInput input, Delegation delegation)
    {
        if ((WrongKeys(delegation) ?? WrongForm(delegation)) is { } malformed)
        {
            return malformed;
        }

        if (WrongRoot(input.State, delegation.Collaborator, delegation.RootKey) is { } wrong)
        {
            return wrong;
        }

        var keyId = KeyId.Of(delegation.Sign.PublicKey.Span);
        if (input.State.Members.TryGetValue(keyId, out var holder))
        {
            // One key for two people or two collaborators would let one person sign for both.
            return new Refusal(RefusalCode.NotPermitted, "a sign key that nobody has yet", $"the key of {holder.Name}");
        }

        var roots = input.State.Contracts.Values.SelectMany(c => c.Contract.Collaborators).Select(c => c.RootKey).Append(delegation.RootKey);
        if (roots.Contains(delegation.Sign.PublicKey))
        {
            return new Refusal(RefusalCode.NotPermitted, "a sign key that is not a root key", $"key {keyId.Abbreviated}");
        }

        if (input.State.Members.Values.FirstOrDefault(m => IsSamePerson(m, delegation) && m.RevokedSequence is null) is { } standing)
        {
            return new Refusal(RefusalCode.NotPermitted, "a member name that is free or revoked", standing.Name);
        }

        return input.SignedByEs256(delegation.RootKey).Then(_ => Result.Accept(input.State with
        {
            Members = input.State.Members.Add(keyId, new MemberState(delegation, input.PayloadDigest, input.Sequence, null)),
        }));
    }

    public static Result<CollaborationState> Apply(FoldInput input, MemberRevocation revocation)
    {
        var found = input.State.Members.FirstOrDefault(m => m.Value.DelegationDigest == revocation.DelegationDigest);
        if (found.Value is not { } member
            || member.Delegation.Collaborator != revocation.Collaborator
            || member.Delegation.Member != revocation.Member)
        {
            return new Refusal(RefusalCode.NotPermitted, "a delegation of that member", $"delegation {revocation.DelegationDigest.Abbreviated}");
        }

        if (member.RevokedSequence is { } revoked)
        {
            return new Refusal(RefusalCode.MemberRevoked, "a delegation that stands", $"{member.Name}, revoked at row {revoked}");
        }

        return input.SignedByEs256(member.Delegation.RootKey).Then(_ => Result.Accept(input.State with
        {
            Members = input.State.Members.SetItem(found.Key, member with { RevokedSequence = input.Sequence }),
        }));
    }

    /// <summary>
    /// Drops those whom the first contract does not know. Before it anyone could delegate, and would otherwise keep a name or
    /// a public key from the person whose it is.
    /// </summary>
    public static ImmutableDictionary<Digest, MemberState> OfContract(CollaborationState state, ContractState contract) =>
        state.Members.RemoveRange(state.Members.Where(pair => !contract.IsMember(pair.Value)).Select(pair => pair.Key));

    /// <summary>Before the first contract is known a delegation stands by its own root key; the contract then decides whether that key counts.</summary>
    private static Refusal? WrongRoot(CollaborationState state, string collaborator, Bytes rootKey)
    {
        if (state.Contracts.IsEmpty)
        {
            return null;
        }

        var isKnown = state.Contracts.Values.Any(c => c.Find(collaborator)?.RootKey == rootKey);
        return isKnown
            ? null
            : new(RefusalCode.NotPermitted, $"the root key that a contract names for {collaborator}", $"key {KeyId.Of(rootKey.Span).Abbreviated}");
    }

    private static Refusal? WrongKeys(Delegation delegation)
    {
        (string Name, int Wanted, int Got)[] keys =
        [
            ("root", EnvelopeVerifier.PublicKeyLength, delegation.RootKey.Length),
            ("sign", EnvelopeVerifier.PublicKeyLength, delegation.Sign.PublicKey.Length),
            ("receive", EnvelopeVerifier.PublicKeyLength, delegation.ReceiveKey?.Length ?? EnvelopeVerifier.PublicKeyLength),
            ("witness", NoteVerifierKey.PublicKeyLength, delegation.WitnessKey?.Length ?? NoteVerifierKey.PublicKeyLength),
        ];
        var wrong = keys.FirstOrDefault(key => key.Got != key.Wanted);
        return wrong == default ? null : new(RefusalCode.DocumentInvalid, $"a {wrong.Name} key of {wrong.Wanted} bytes", $"{wrong.Got} bytes");
    }

    private static Refusal? WrongForm(Delegation delegation)
    {
        var sign = delegation.Sign;
        (bool Holds, string Wanted)[] rules =
        [
            (Names.IsShort(delegation.Collaborator), "a collaborator [a-z][a-z0-9_]{0,30}"),
            (Names.IsLowerName(delegation.Member, MaxMemberLength, "_.-"), "a member [a-z][a-z0-9_.-]{0,62}"),
            (!delegation.Roles.IsEmpty, "at least one role"),
            (delegation.NotBefore < delegation.Expires, "notBefore before expires"),
            (delegation.ReceiveKey is not null || !delegation.Roles.Contains(MemberRole.Receiver), "a receive key for role receiver"),
            sign.Kind == SignatureKind.WebAuthn
                ? (sign.RpId is { Length: > 0 } && !sign.Origins.IsEmpty, "a relying party and origins for a webauthn key")
                : (sign.RpId is null && sign.Origins.IsEmpty && !sign.UserVerification, "an es256 key without relying party, origins and user verification"),
        ];
        var broken = rules.FirstOrDefault(rule => !rule.Holds).Wanted;
        return broken is null ? null : new(RefusalCode.DocumentInvalid, broken, Names.Show(delegation.Member));
    }

    /// <summary>A root key that a proposal gives a collaborator must not keep its people's names from the root key in force.</summary>
    private static bool IsSamePerson(MemberState member, Delegation delegation) =>
        member.Delegation.Collaborator == delegation.Collaborator
        && member.Delegation.Member == delegation.Member
        && member.Delegation.RootKey == delegation.RootKey;
}
