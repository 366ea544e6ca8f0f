using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.Client.Recoveries;

/// <summary>A node that says it has lost a room's secret, appraised for a recovery; and the member's side of releasing a share to it.</summary>
/// <remarks>Looking releases nothing. Spec: contracts/spec/0026 s.5, s.6.</remarks>
public sealed class RoomRecovery
{
    private const int NonceBytes = 32;

    /// <summary>A node whose clock is a little behind must not find the release too long.</summary>
    private static readonly TimeSpan _clockMargin = TimeSpan.FromMinutes(10);

    private readonly ClientServices _services;
    private readonly RoomLink _link;

    private RoomRecovery(ClientServices services, RoomLink link, RecoveryPlan plan, AppraisedNode node, RecoveryOfferResponse offer) =>
        (_services, _link, Plan, Node, Released, Needed) = (services, link, plan, node, offer.Released, offer.Needed);

    /// <summary>Gets what the member can release.</summary>
    public RecoveryPlan Plan { get; }

    /// <summary>Gets the node, by evidence that was made for this recovery and this question.</summary>
    public AppraisedNode Node { get; }

    /// <summary>Gets the collaborators that have released to it. The node's word.</summary>
    public ImmutableArray<string> Released { get; }

    /// <summary>Gets how many it takes.</summary>
    public int Needed { get; }

    /// <summary>Asks a node for evidence to release a share to, and appraises it against the contract of the member's own ledger.</summary>
    /// <returns>The node; or every check that failed; or <see cref="RefusalCode.Revoked"/> for a measurement that an owner revoked, or
    /// <see cref="RefusalCode.CheckpointInconsistent"/> for a store that is behind what this member has seen; or why the node takes no recovery.</returns>
    public static async Task<Result<RoomRecovery>> AskAsync(
        ClientServices services, RoomAddress address, RecoveryPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(plan);

        // The kit has a contract in it: it goes through a channel, to a node that the contract accepts.
        var answer = await NodeQuestion.AskForAdmissionAsync(services, address, plan.Contract, cancellationToken);
        if (!answer.Then(node => node.Node.Then<NodeAnswer>(appraised => WhyRevoked(plan, appraised) is { } revoked ? revoked : node))
            .Then(node => RoomLink.Open(services, address, node)).TryGet(out var link, out var refusals))
        {
            return refusals;
        }

        var nonce = new Bytes(RandomNumberGenerator.GetBytes(NonceBytes));
        var request = ApiRequest.Post(
            ApiPaths.Of(ApiRoutes.Recovery, plan.State.Collaboration), new RecoveryOfferRequest(plan.Kit, nonce), ApiJsonContext.Default.RecoveryOfferRequest);
        var offered = await link.CallAsync(request with { NeedsSession = false }, ApiJsonContext.Default.RecoveryOfferResponse, cancellationToken);
        if (!offered.TryGet(out var offer, out refusals))
        {
            return refusals;
        }

        return DocumentCodec.ParseAttestation(offer.Attestation.Span)
            .Then(attestation => Judge(services, plan, attestation, nonce))
            .Then<RoomRecovery>(node => new RoomRecovery(services, link, plan, node, offer));
    }

    /// <summary>Opens the member's own share and releases it to this node, with a signed statement of who does it and why.</summary>
    /// <param name="member">Whose plan it is.</param>
    /// <param name="reason">In words, for the ledger: 1 to 1,000 characters.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Who has released, and the restored log's checkpoint once there is one; or what the node, or the share itself, refuses.</returns>
    public async Task<Result<RecoveryReleaseResponse>> ReleaseAsync(MemberIdentity member, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        var opened = await RecoveryShares.OpenAsync(_services.Backend, member.Keys.Receive, Plan.Subject, Plan.Commitment, Plan.Seal, cancellationToken);
        if (!opened.TryGet(out var share, out var refusals))
        {
            return refusals;
        }

        using (share)
        {
            var bindingDigest = DocumentCodec.DigestOf(Node.Binding);
            var subject = new RecoveryReleaseSubject(Plan.Subject, member.Member, bindingDigest);
            var released = await RecoveryShares.ReleaseAsync(_services.Backend, Node.SealingKey, subject, share, cancellationToken);
            return released.TryGet(out var seal, out refusals)
                ? await SendAsync(member, reason, bindingDigest, seal, cancellationToken)
                : refusals;
        }
    }

    private async Task<Result<RecoveryReleaseResponse>> SendAsync(
        MemberIdentity member, string reason, Digest bindingDigest, HpkeCiphertext seal, CancellationToken cancellationToken)
    {
        var statement = new RecoveryStatement
        {
            Collaboration = Plan.State.Collaboration,
            ContractDigest = Plan.Set.ContractDigest,
            Set = Plan.Set.Set,
            Collaborator = member.Collaborator,
            Member = member.Member,
            BindingDigest = bindingDigest,
            ReleaseDigest = RecoveryShares.DigestOf(seal),
            Reason = reason,
            Checkpoint = Plan.Newest,
            Expires = _services.Now.Plus(RecoveryStatements.MaxLifetime - _clockMargin),
            Nonce = Nonces.Fresh(),
        };
        var envelope = await EnvelopeSigner.SignAsync(member.Keys.Sign, statement, cancellationToken);
        var request = ApiRequest.Post(
            ApiPaths.Of(ApiRoutes.RecoveryShares, Plan.State.Collaboration),
            new RecoveryReleaseRequest
            {
                Delegation = Plan.Delegation,
                Statement = new Bytes(EnvelopeCodec.Encode(envelope)),
                Enc = seal.Enc,
                Ciphertext = seal.Ciphertext,
            },
            ApiJsonContext.Default.RecoveryReleaseRequest);
        return await _link.CallAsync(
            request with { NeedsSession = false, IsRepeatable = false }, ApiJsonContext.Default.RecoveryReleaseResponse, cancellationToken);
    }

    private static Result<AppraisedNode> Judge(ClientServices services, RecoveryPlan plan, NodeAttestation attestation, Bytes nonce)
    {
        var genesis = plan.State.Genesis!; // A plan is made of a ledger.
        var expected = ExpectedBinding.Recovery(nonce, genesis.Collaboration, genesis.SealingKey, genesis.CheckpointKey, plan.Set.ContractDigest);
        var appraised = CodeAppraisal.Appraise(
            plan.Contract,
            plan.State.EndorsementsOf(plan.Set.ContractDigest),
            services.Now,
            code => NodeAppraisal.Appraise(attestation, expected, code, services.Now, services.Verifiers));
        return appraised.Then<AppraisedNode>(by =>
            (WhyRevoked(plan, by.Node) ?? WhyBehind(services, plan, by.Node.Binding)) is { } refusal ? refusal : by.Node);
    }

    private static Refusal? WhyRevoked(RecoveryPlan plan, AppraisedNode node) => plan.State.RevokedMeasurements.Contains(node.Measurement)
        ? new(RefusalCode.Revoked, "a measurement that no owner has revoked", node.Measurement)
        : null;

    /// <summary>The node cannot read the log yet, and the log's key has signed where the stored one ends: behind what this member has seen, it was rolled back.</summary>
    private static Refusal? WhyBehind(ClientServices services, RecoveryPlan plan, Binding binding)
    {
        var genesis = plan.State.Genesis!;
        var verifier = services.Fold.Signatures;
        if (!CheckpointNote.Verify(plan.Newest, genesis.Collaboration, genesis.CheckpointKey.Span, verifier).TryGet(out var seen, out var refusals))
        {
            return refusals[0];
        }

        if (!CheckpointNote.Verify(binding.Checkpoint, genesis.Collaboration, genesis.CheckpointKey.Span, verifier).TryGet(out var stored, out _))
        {
            return new(RefusalCode.CheckpointInconsistent, $"a stored log of at least {seen.Size} rows, which this member has seen", "none that the log's key has signed");
        }

        return stored.Size < seen.Size || (stored.Size == seen.Size && stored.Root != seen.Root)
            ? new(
                RefusalCode.CheckpointInconsistent,
                $"a stored log that goes on from {seen.Size} rows with root {seen.Root}, which this member has seen",
                $"{stored.Size} rows with root {stored.Root}")
            : null;
    }
}
