using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Sharing;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.Grains.Keys.Recoveries;

/// <summary>Makes the set of shares that the contract in force asks for. Only where it does: the ledger takes no other. Spec: contracts/spec/0026 s.4.</summary>
internal static class RecoverySharing
{
    /// <summary>Makes a set. The shares in clear are zeroed before it returns.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="keys">The collaboration's.</param>
    /// <param name="state">A state in which a set is due (<see cref="RecoverySets.IsDue"/>).</param>
    /// <param name="at">The time as of which members may hold a share.</param>
    /// <param name="cancellationToken">Stops between shares.</param>
    /// <returns>The document for this node to sign; or <see cref="RefusalCode.SealInvalid"/> for a receive key that is no point on the curve.</returns>
    public static async Task<Result<RecoveryShareSet>> MakeAsync(
        ICryptoBackend backend, CollaborationKeys keys, CollaborationState state, Timestamp at, CancellationToken cancellationToken)
    {
        var active = state.Active!; // A set is due.
        var (k, collaborators) = (active.Contract.Recovery.K!.Value, active.Contract.Collaborators);
        var name = new Bytes(RandomNumberGenerator.GetBytes(RecoverySets.NameBytes));
        var made = ImmutableArray.CreateBuilder<CollaboratorShare>(collaborators.Length);
        using var secret = keys.ExportSecret();
        var shares = SecretSharing.Split(secret, k, collaborators.Length);
        try
        {
            foreach (var (share, collaborator) in shares.Zip(collaborators))
            {
                using var committed = CommittedShare.Of(share);
                var subject = new RecoveryShareSubject
                {
                    Collaboration = state.Collaboration,
                    ContractDigest = active.Digest,
                    Set = name,
                    Collaborator = collaborator.Id,
                    Index = share.Index,
                };
                var holders = RecoverySets.HoldersOf(state, collaborator.Id, at);
                if (!(await SealAsync(backend, subject, committed, holders, cancellationToken)).TryGet(out var sealedShares, out var refusals))
                {
                    return refusals;
                }

                made.Add(new CollaboratorShare
                {
                    Collaborator = collaborator.Id, Index = share.Index, Commitment = committed.Commit(subject), Sealed = sealedShares,
                });
            }
        }
        finally
        {
            foreach (var share in shares)
            {
                share.Dispose();
            }
        }

        return new RecoveryShareSet { Collaboration = state.Collaboration, ContractDigest = active.Digest, K = k, Set = name, Shares = made.DrainToImmutable() };
    }

    private static async Task<Result<ImmutableArray<SealedShare>>> SealAsync(
        ICryptoBackend backend, RecoveryShareSubject subject, CommittedShare share, ImmutableArray<MemberState> holders, CancellationToken cancellationToken)
    {
        var made = ImmutableArray.CreateBuilder<SealedShare>(holders.Length);
        foreach (var holder in holders)
        {
            var key = holder.Delegation.ReceiveKey!.Value; // A holder has one.
            if (!(await RecoveryShares.SealAsync(backend, key, subject, share, cancellationToken)).TryGet(out var seal, out var refusals))
            {
                return refusals;
            }

            made.Add(new SealedShare { Member = holder.Delegation.Member, ReceiveKey = key, Enc = seal.Enc, Ciphertext = seal.Ciphertext });
        }

        return made.DrainToImmutable();
    }
}
