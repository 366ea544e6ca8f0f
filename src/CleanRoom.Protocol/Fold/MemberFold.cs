using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Fold;

/// <summary>Members come and go by their collaborator's root key alone.</summary>
internal static class MemberFold
{
    private const int WitnessKeyLength = 32;

    public static Result<CollaborationState> Apply(FoldInput input, Delegation delegation)
    {
        if (WrongKeys(delegation) is { } malformed)
        {
            return malformed;
        }

        if (WrongRoot(input.State, delegation.Collaborator, delegation.RootKey) is { } wrong)
        {
            return wrong;
        }

        if (delegation.Roles.IsEmpty || delegation.NotBefore >= delegation.Expires)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "at least one role, and notBefore before expires", delegation.Member);
        }

        var keyId = KeyId.Of(delegation.Sign.PublicKey.Span);
        if (input.State.Members.TryGetValue(keyId, out var holder))
        {
            // One key for two people or two collaborators would let one person sign for both.
            return new Refusal(RefusalCode.NotPermitted, "a sign key that nobody has yet", $"the key of {holder.Name}");
        }

        if (input.State.Contracts.Values.SelectMany(c => c.Contract.Collaborators).Any(c => c.RootKey == delegation.Sign.PublicKey))
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

        return input.SignedByEs256(member.Delegation.RootKey).Then(_ => Result.Accept(input.State with
        {
            Members = input.State.Members.SetItem(found.Key, member with { RevokedSequence = input.Sequence }),
        }));
    }

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
            ("witness", WitnessKeyLength, delegation.WitnessKey?.Length ?? WitnessKeyLength),
        ];
        var wrong = keys.FirstOrDefault(key => key.Got != key.Wanted);
        return wrong == default ? null : new(RefusalCode.DocumentInvalid, $"a {wrong.Name} key of {wrong.Wanted} bytes", $"{wrong.Got} bytes");
    }

    private static bool IsSamePerson(MemberState member, Delegation delegation) =>
        member.Delegation.Collaborator == delegation.Collaborator && member.Delegation.Member == delegation.Member;
}
