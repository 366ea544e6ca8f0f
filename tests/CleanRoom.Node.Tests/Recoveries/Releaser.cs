using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Recoveries;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Sharing;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys.Recoveries;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Recoveries;

/// <summary>A member with its own copy of a ledger, who takes part in a recovery; and what a dishonest one would send.</summary>
internal sealed class Releaser(Machine machine, TestMember member, LedgerMirror ledger)
{
    public string Reason { get; init; } = "the machine burned down";

    /// <summary>Gets or sets what is changed in the statement before it is signed.</summary>
    public Func<RecoveryStatement, RecoveryStatement> Statement { get; set; } = statement => statement;

    /// <summary>Gets or sets a value that says whether a share of another secret is sent.</summary>
    public bool IsFalse { get; set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ClientServices Services => new(machine.Backend, new HttpClient(), machine.Time, [new InsecureSimulatedVerifier()]);

    /// <summary>Returns the member's plan, or why it has none.</summary>
    public async Task<Result<RecoveryPlan>> PlanAsync()
    {
        var identity = await IdentityAsync();
        using (identity.Keys)
        {
            return RecoveryPlan.Of(ledger, newest: null, identity, Services);
        }
    }

    /// <summary>Asks a node for evidence to release to.</summary>
    public async Task<Result<Binding>> AskAsync(RecoveryDesk desk, Func<RecoveryKit, RecoveryKit>? change = null)
    {
        var plan = (await PlanAsync()).Value;
        var nonce = new Bytes(RandomNumberGenerator.GetBytes(32));
        var offered = await desk.OfferAsync(change?.Invoke(plan.Kit) ?? plan.Kit, nonce, Stop);
        return offered.Then(offer => DocumentCodec.ParseAttestation(offer.Attestation)).Then<Binding>(attestation => attestation.Binding);
    }

    /// <summary>Makes the release of the member's share to evidence.</summary>
    public async Task<RecoveryReleaseRequest> MakeAsync(Binding binding)
    {
        var plan = (await PlanAsync()).Value;
        using var share = await ShareAsync(plan);
        var bindingDigest = DocumentCodec.DigestOf(binding);
        var subject = new RecoveryReleaseSubject(plan.Subject, member.Member, bindingDigest);
        var seal = (await RecoveryShares.ReleaseAsync(machine.Backend, binding.SealingKey, subject, share, Stop)).Value;
        var statement = Statement(new RecoveryStatement
        {
            Collaboration = plan.Subject.Collaboration,
            ContractDigest = plan.Subject.ContractDigest,
            Set = plan.Subject.Set,
            Collaborator = member.Collaborator,
            Member = member.Member,
            BindingDigest = bindingDigest,
            ReleaseDigest = Digest.Of([.. seal.Enc.Span, .. seal.Ciphertext.Span]),
            Reason = Reason,
            Checkpoint = plan.Newest,
            Expires = Timestamp.From(machine.Time.GetUtcNow()).Plus(TimeSpan.FromHours(23)),
            Nonce = new Bytes(RandomNumberGenerator.GetBytes(16)),
        });
        return new RecoveryReleaseRequest
        {
            Delegation = plan.Delegation,
            Statement = new Bytes(EnvelopeCodec.Encode(member.Sign(statement))),
            Enc = seal.Enc,
            Ciphertext = seal.Ciphertext,
        };
    }

    /// <summary>Asks, and releases.</summary>
    public async Task<Result<RecoveryTaken>> ReleaseAsync(RecoveryDesk desk) => (await AskAsync(desk)).TryGet(out var binding, out var refusals)
        ? await desk.ReleaseAsync(await MakeAsync(binding), Stop)
        : refusals;

    /// <summary>Folds what a room serves, as a client does.</summary>
    public static async Task<LedgerMirror> MirrorAsync(CollaborationRoom room)
    {
        var page = await room.ReadAsync(0, 256, Stop);
        var mirror = new LedgerMirror(room.State.Collaboration, TestRoom.Services);
        mirror.Extend([.. page.Rows.Select(row => new Bytes(row))], page.Checkpoint, []).IsAccepted.Should().BeTrue();
        return mirror;
    }

    private async Task<CommittedShare> ShareAsync(RecoveryPlan plan)
    {
        if (IsFalse)
        {
            using var another = SecretBytes.Random(CollaborationSecret.Length);
            using var share = new SecretShare(plan.Subject.Index, SecretBytes.CopyOf(another.Span));
            return CommittedShare.Of(share);
        }

        using var key = await machine.ReceiveKeyAsync(member);
        return (await RecoveryShares.OpenAsync(machine.Backend, key, plan.Subject, plan.Commitment, plan.Seal, Stop)).Value;
    }

    private async Task<MemberIdentity> IdentityAsync()
    {
        using var scalar = SecretBytes.CopyOf(SHA256.HashData(Encoding.UTF8.GetBytes($"cleanroom test key: {member.Collaborator}/{member.Member} sign")));
        var keys = new MemberKeys(
            await machine.Backend.ImportSigningKeyAsync(scalar, Stop),
            await machine.ReceiveKeyAsync(member),
            TestRandom.Ed25519($"{member.Collaborator}/{member.Member} witness"));
        return new MemberIdentity(member.Collaborator, member.Member, keys);
    }
}
