using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Recoveries;

/// <summary>Reads and judges what a member signs when it releases its collaborator's share. Pure. Spec: contracts/spec/0026 s.6.</summary>
public static class RecoveryStatements
{
    /// <summary>How long a release may last.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);

    private const int MaxReasonLength = 1_000;

    /// <summary>Reads an encoded envelope. No signature is checked.</summary>
    /// <param name="envelope">Trust: attacker-controlled.</param>
    public static Result<(Envelope Envelope, RecoveryStatement Statement)> Parse(ReadOnlySpan<byte> envelope)
    {
        if (!EnvelopeCodec.Parse(envelope).TryGet(out var parsed, out var refusals)
            || !DocumentCodec.ParsePayload(parsed).TryGet(out var document, out refusals))
        {
            return refusals;
        }

        if (parsed.Signatures.Length != 1)
        {
            return new Refusal(RefusalCode.SignatureMissing, "exactly one signature", $"{parsed.Signatures.Length}");
        }

        return document is RecoveryStatement statement
            ? (parsed, statement)
            : new Refusal(RefusalCode.DocumentInvalid, "a recovery statement", $"type {DocumentCodec.TypeOf(document)}");
    }

    /// <summary>Verifies a release where there is no ledger to look the member up in: the contract names the root key, the root key the member.</summary>
    /// <param name="release">From <see cref="Parse"/>.</param>
    /// <param name="delegation">The encoded envelope of the member's delegation. Trust: attacker-controlled.</param>
    /// <param name="kit">The set of shares and its contract.</param>
    /// <param name="at">Now. What the root key has revoked is seen once the ledger is open.</param>
    /// <param name="verifier">Checks signatures.</param>
    /// <returns>The delegation, or the first reason why the release does not count.</returns>
    public static Result<Delegation> Verify(
        (Envelope Envelope, RecoveryStatement Statement) release, ReadOnlySpan<byte> delegation, VerifiedKit kit, Timestamp at, ISignatureVerifier verifier)
    {
        ArgumentNullException.ThrowIfNull(kit);
        var (envelope, statement) = release;
        if (!EnvelopeCodec.Parse(delegation).TryGet(out var delegated, out var refusals)
            || !DocumentCodec.ParsePayload(delegated).TryGet(out var document, out refusals))
        {
            return refusals;
        }

        if (document is not Delegation member || delegated.Signatures.Length != 1)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a delegation with one signature", $"type {DocumentCodec.TypeOf(document)}, {delegated.Signatures.Length} signatures");
        }

        if (statement.Collaboration != kit.Genesis.Collaboration)
        {
            return new Refusal(RefusalCode.NotPermitted, $"collaboration {kit.Genesis.Collaboration}", "another collaboration");
        }

        var root = kit.Contract.Collaborators.FirstOrDefault(collaborator => collaborator.Id == member.Collaborator)?.RootKey;
        if (root is not { } rootKey || rootKey != member.RootKey)
        {
            return new Refusal(RefusalCode.NotPermitted, "a delegation by the root key that the contract names", "one by another key");
        }

        if (at < member.NotBefore || at >= member.Expires)
        {
            return new Refusal(RefusalCode.MemberExpired, $"a delegation in force at {at}", $"{member.Collaborator}/{member.Member}, {member.NotBefore} to {member.Expires}");
        }

        return EnvelopeVerifier.Verify(delegated, delegated.Signatures[0], rootKey, verifier)
            .Then(_ => EnvelopeVerifier.Verify(envelope, envelope.Signatures[0], member.Sign, verifier))
            .Then<Delegation>(_ => WhyNotReleased(statement, member, kit.Shares, at) is { } refusal ? refusal : member);
    }

    /// <summary>Says why a statement by a member does not release a share of a set; null when it does. Signatures apart.</summary>
    internal static Refusal? WhyNotReleased(RecoveryStatement statement, Delegation member, RecoveryShareSet shares, Timestamp at)
    {
        if (statement.Collaboration != shares.Collaboration)
        {
            return new(RefusalCode.NotPermitted, $"collaboration {shares.Collaboration}", "another collaboration");
        }

        if (statement.ContractDigest != shares.ContractDigest)
        {
            return new(RefusalCode.ContractConflict, $"a release under contract {shares.ContractDigest.Abbreviated}", statement.ContractDigest.Abbreviated);
        }

        if (statement.Set != shares.Set)
        {
            return new(RefusalCode.Stale, "a release of the newest set of shares", "one of another set");
        }

        if (statement.Collaborator != member.Collaborator || statement.Member != member.Member)
        {
            return new(RefusalCode.NotPermitted, $"a release in the name of its signer, {member.Collaborator}/{member.Member}", "one in another name");
        }

        if (!member.Roles.Contains(MemberRole.Admin) && !member.Roles.Contains(MemberRole.Owner))
        {
            return new(RefusalCode.RoleMissing, "role admin or owner", $"{member.Collaborator}/{member.Member}");
        }

        if (statement.Reason.Length is 0 or > MaxReasonLength)
        {
            return new(RefusalCode.DocumentInvalid, $"a reason of 1 to {MaxReasonLength} characters", $"{statement.Reason.Length}");
        }

        if (at >= statement.Expires)
        {
            return new(RefusalCode.Stale, $"a release that lasts beyond {at}", $"one until {statement.Expires}");
        }

        return statement.Expires > at.Plus(MaxLifetime)
            ? new(RefusalCode.DocumentInvalid, $"a release of at most {MaxLifetime.TotalHours} hours", $"one until {statement.Expires}")
            : null;
    }
}
