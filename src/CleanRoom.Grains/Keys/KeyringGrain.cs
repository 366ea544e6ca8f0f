using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Storage;
using Orleans.Concurrency;

namespace CleanRoom.Grains.Keys;

/// <summary>Makes collaborations: the secret, row 0 and the first rows. Any key will do; each call stands by itself.</summary>
[GrainInterfaceType("cleanroom.keyring")]
[Alias("cleanroom.keyring")]
public interface IKeyringGrain : IGrainWithGuidKey
{
    /// <summary>Starts a collaboration from its first proposal: encoded envelopes of the contract and of the delegations.</summary>
    [Alias("propose")]
    Task<GrainReply<Proposed>> ProposeAsync(byte[] contract, ImmutableArray<byte[]> delegations);
}

/// <summary>The genesis (spec: contracts/spec/0005 s.6): the secret exists before the first row, and only rows that fold are ever stored.</summary>
[StatelessWorker]
internal sealed class KeyringGrain(RoomServices services) : Grain, IKeyringGrain
{
    private const int NonceBytes = 32;

    public async Task<GrainReply<Proposed>> ProposeAsync(byte[] contract, ImmutableArray<byte[]> delegations)
    {
        if (!EnvelopeCodec.Parse(contract).TryGet(out var proposal, out var invalid))
        {
            return GrainReplies.Refuse<Proposed>(invalid);
        }

        var keys = await services.Keyring.GenerateAsync(CancellationToken.None);
        var genesis = await GenesisAsync(keys, proposal.PayloadDigest);
        var envelope = await EnvelopeSigner.SignAsync(services.Node.Keys.Sign, genesis, CancellationToken.None);
        GrainReply<Appended> created;
        try
        {
            await services.Keyring.AdoptAsync(genesis.Collaboration, keys, CancellationToken.None);
            created = await GrainFactory.GetGrain<ICollaborationInternalGrain>(genesis.Collaboration)
                .CreateAsync(EnvelopeCodec.Encode(envelope), delegations.Add(contract));
            if (!created.Refusals.IsEmpty)
            {
                // Nobody was told of a room under this secret: it goes as it came.
                await services.Keyring.DestroyAsync(genesis.Collaboration, ended: null, CancellationToken.None);
            }
        }
        catch (StorageException exception)
        {
            keys.Dispose();
            return GrainReplies.Refuse<Proposed>(
                [new Refusal(RefusalCode.StorageFailed, "a store that takes a secret", exception.Failure.ToString().ToLowerInvariant())]);
        }

        return created.ToResult().Then(appended => Result.Accept(new Proposed(genesis.Collaboration, appended.Checkpoint))).ToReply();
    }

    private async Task<Genesis> GenesisAsync(CollaborationKeys keys, Digest contractDigest)
    {
        var nonce = new Bytes(RandomNumberGenerator.GetBytes(NonceBytes));
        var collaboration = CollaborationId.Of(contractDigest, keys.Sealing.PublicKey, keys.Checkpoint.PublicKey, nonce);
        return new Genesis
        {
            Collaboration = collaboration,
            ContractDigest = contractDigest,
            SealingKey = keys.Sealing.PublicKey,
            CheckpointKey = keys.Checkpoint.PublicKey,
            Nonce = nonce,
            Attestation = await services.Node.AttestAsync(
                new BindingSubject
                {
                    Nonce = nonce,
                    Purpose = BindingPurpose.Genesis,
                    Collaboration = collaboration,
                    CollaborationKey = keys.Sealing.PublicKey,
                    CheckpointKey = keys.Checkpoint.PublicKey,
                    ContractDigest = contractDigest,
                    Checkpoint = "none",
                },
                CancellationToken.None),
        };
    }
}
