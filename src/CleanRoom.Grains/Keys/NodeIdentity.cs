using System.Security.Cryptography;
using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Keys;

/// <summary>The node's own keys and how it shows them: made at its start in the guest, never stored, bound in its evidence.</summary>
/// <remarks>Spec: contracts/spec/0006.</remarks>
public sealed class NodeIdentity : IDisposable
{
    private const int BootIdBytes = 16;

    private readonly IAttester _attester;
    private readonly string _build;

    private NodeIdentity(IAttester attester, NodeKeys keys, string build)
    {
        _attester = attester;
        _build = build;
        Keys = keys;
        BootId = new Bytes(RandomNumberGenerator.GetBytes(BootIdBytes));
    }

    /// <summary>Gets the signing and the sealing key.</summary>
    public NodeKeys Keys { get; }

    /// <summary>Gets 16 random bytes, new at each start.</summary>
    public Bytes BootId { get; }

    /// <summary>Gets the kind of evidence that this node has.</summary>
    public string Tee => _attester.Tee;

    /// <summary>Makes fresh keys.</summary>
    /// <param name="backend">Holds the keys.</param>
    /// <param name="attester">Obtains evidence.</param>
    /// <param name="build">The build's name, for people.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    public static async Task<NodeIdentity> CreateAsync(
        ICryptoBackend backend, IAttester attester, string build, CancellationToken cancellationToken) =>
        new(attester, await NodeKeys.GenerateAsync(backend, cancellationToken), build);

    /// <summary>Obtains evidence over a binding of this node's keys.</summary>
    public async Task<NodeAttestation> AttestAsync(BindingSubject subject, CancellationToken cancellationToken)
    {
        var binding = new Binding
        {
            Nonce = subject.Nonce,
            SigningKey = Keys.Sign.PublicKey,
            SealingKey = Keys.Seal.PublicKey,
            Purpose = subject.Purpose,
            Collaboration = subject.Collaboration,
            CollaborationKey = subject.CollaborationKey,
            CheckpointKey = subject.CheckpointKey,
            ContractDigest = subject.ContractDigest,
            Checkpoint = subject.Checkpoint,
            BootId = BootId,
            Build = _build,
        };
        var evidence = await _attester.AttestAsync(AttestationBinding.ReportData(binding), cancellationToken);
        return new NodeAttestation
        {
            Tee = _attester.Tee,
            Evidence = evidence.Evidence,
            Endorsements = evidence.Endorsements,
            Binding = binding,
        };
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => Keys.Dispose();
}
