using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>What people do in a room: sign, upload, ask, approve, witness. The room is real; so is every byte that they bring.</summary>
internal static class Scene
{
    public const string People = "registry.people";
    public const string Tests = "laboratory.tests";

    private const int PartBytes = 4096;

    /// <summary>Gets the contract of the tests without an answer schedule.</summary>
    public static Contract Contract { get; } = TestContracts.First with { Output = TestContracts.First.Output with { AnswerEveryMs = null } };

    /// <summary>Gets 240 people, half of them with status 1.</summary>
    public static byte[] PeopleCsv { get; } = Csv(
        "id,age,male,weight,height,bmi,case_id,futime,status",
        Enumerable.Range(1, 240).Select(id => $"{id},{30 + (id % 50)},{id / 2 % 2},70.5,170,24.5,,100,{id % 2}"));

    /// <summary>Gets two results of each person.</summary>
    public static byte[] TestsCsv { get; } = Csv(
        "id,days,test,value", Enumerable.Range(1, 240).SelectMany(id => new[] { $"{id},1,hdl,50", $"{id},2,chol,90" }));

    /// <summary>Appends a statement; the room must take it.</summary>
    public static async Task AddAsync(this CollaborationRoom room, params Envelope[] statements)
    {
        foreach (var statement in statements)
        {
            _ = (await room.AppendAsync(statement, CancellationToken.None)).Value;
        }
    }

    /// <summary>Founds a room and lets all sign.</summary>
    public static async Task<CollaborationRoom> ActivateAsync(this NodeProcess node, Contract? contract = null)
    {
        var agreed = contract ?? Contract;
        var room = (await node.FoundAsync(agreed)).Value;
        await room.AddAsync(TestPeople.Lea.Sign(agreed), TestPeople.Leo.Sign(agreed), TestPeople.Hal.Sign(agreed));
        return room;
    }

    /// <summary>Lets an owner seal and upload a file, and grant its key.</summary>
    public static async Task<DatasetManifest> UploadAsync(
        this NodeProcess node, CollaborationRoom room, TestMember owner, string dataset, byte[] file, SourceFormat format = SourceFormat.Csv)
    {
        var (manifest, grant) = await node.SealAsync(room, owner, dataset, file, format);
        await room.AddAsync(owner.Sign(manifest), owner.Sign(grant));
        return manifest;
    }

    /// <summary>Seals a file into the host's store; what its owner would sign.</summary>
    public static async Task<(DatasetManifest Manifest, KeyGrant Grant)> SealAsync(
        this NodeProcess node, CollaborationRoom room, TestMember owner, string dataset, byte[] file, SourceFormat format = SourceFormat.Csv)
    {
        using var key = DataKey.Generate();
        return await node.SealAsync(room, owner, dataset, file, format, key, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
    }

    /// <summary>Seals a file under a key and for an upload that the caller chooses.</summary>
    public static async Task<(DatasetManifest Manifest, KeyGrant Grant)> SealAsync(
        this NodeProcess node, CollaborationRoom room, TestMember owner, string dataset, byte[] file, SourceFormat format, DataKey key, string upload)
    {
        var (stop, machine) = (CancellationToken.None, node.Machine);
        var parts = ImmutableArray.CreateBuilder<SealedPart>();
        foreach (var (chunk, index) in file.Chunk(PartBytes).Select((chunk, index) => (chunk, index)))
        {
            var position = new PartPosition
            {
                Collaboration = room.State.Collaboration, Dataset = dataset, Index = index, Offset = (long)index * PartBytes, Upload = upload,
            };
            var sealedPart = await SealedStream.SealAsync(machine.Backend, key.Secret, position.AssociatedData(), chunk, stop);
            var digest = Digest.Of(sealedPart);
            using var content = new MemoryStream(sealedPart);
            await machine.Objects.Inner.PutAsync(ObjectContainer.Uploads, PartNames.Of(upload, digest), content, stop);
            parts.Add(new SealedPart { Index = index, Offset = position.Offset, Bytes = chunk.Length, Digest = digest });
        }

        var before = room.State.Datasets.Values.Where(d => d.Manifest.Dataset == dataset).MaxBy(d => d.Manifest.Version);
        var manifest = new DatasetManifest
        {
            Collaboration = room.State.Collaboration,
            ContractDigest = room.State.Active!.Digest,
            Dataset = dataset,
            Version = before is null ? 1 : before.Manifest.Version + 1,
            Previous = before?.Digest,
            Upload = upload,
            Schema = [.. room.State.Active.FindDataset(dataset)!.Schema.Select(column => column.Name)],
            Format = format,
            PlaintextBytes = file.Length,
            Parts = parts.ToImmutable(),
            Nonce = TestRandom.Nonce(upload),
        };
        var subject = new KeyGrantSubject
        {
            Collaboration = manifest.Collaboration,
            ContractDigest = manifest.ContractDigest,
            Dataset = dataset,
            ManifestDigest = DocumentCodec.DigestOf(manifest),
            Owner = owner.Collaborator,
        };
        return (manifest, (await KeyGrants.SealAsync(machine.Backend, room.State.Genesis!.SealingKey, subject, key, stop)).Value);
    }

    /// <summary>Makes the ingestion of a node.</summary>
    public static DatasetIngestion Ingestion(this NodeProcess node) =>
        new(new IngestServices(node.Machine.Backend, node.Services.Keyring, node.Machine.Objects, node.Machine.Ingest));

    /// <summary>Takes a version in and appends the statement.</summary>
    public static async Task<IngestStatement> IngestAsync(this NodeProcess node, CollaborationRoom room, DatasetManifest manifest)
    {
        var assignment = room.BeginIngest(DocumentCodec.DigestOf(manifest)).Value;
        var statement = (await node.Ingestion().RunAsync(assignment, new Silence(), CancellationToken.None)).Value;
        _ = (await room.AppendAsNodeAsync(statement, CancellationToken.None)).Value;
        return statement;
    }

    /// <summary>Brings both datasets of the question.</summary>
    public static async Task<CollaborationRoom> SupplyAsync(this NodeProcess node, Contract? contract = null)
    {
        var room = await node.ActivateAsync(contract);
        await node.IngestAsync(room, await node.UploadAsync(room, TestPeople.Ada, People, PeopleCsv));
        await node.IngestAsync(room, await node.UploadAsync(room, TestPeople.Lea, Tests, TestsCsv));
        return room;
    }

    /// <summary>Returns the hospital's question.</summary>
    public static Query Question(this CollaborationRoom room, string name = "question") => Of(room).Query(name);

    /// <summary>Submits a question; returns it with the real verdict.</summary>
    public static async Task<(Query Query, Verdict Verdict)> AskAsync(this CollaborationRoom room, Query query)
    {
        var submitted = (await room.SubmitAsync(TestPeople.Hana.Sign(query), CancellationToken.None)).Value;
        return (query, DocumentCodec.Parse<Verdict>(submitted.Verdict).Value);
    }

    /// <summary>Returns a member's yes, with the room's own checkpoint.</summary>
    public static Approval Yes(this CollaborationRoom room, Query query, Verdict verdict, string name) =>
        Of(room).Approval(query, verdict, name) with { Checkpoint = room.Status().Checkpoint };

    /// <summary>Asks and approves the question.</summary>
    public static async Task<Query> ApproveAsync(this CollaborationRoom room, Query query)
    {
        var (_, verdict) = await room.AskAsync(query);
        foreach (var member in new[] { TestPeople.Ada, TestPeople.Lea, TestPeople.Leo })
        {
            await room.AddAsync(member.Sign(room.Yes(query, verdict, member.Member + query.Nonce)));
        }

        return query;
    }

    /// <summary>Makes a witness's answer over a note.</summary>
    public static (FreshnessWitness Witness, byte[] Signature) Answer(
        TestMember member, string collaboration, byte[] bootNonce, string note, Timestamp at)
    {
        using var key = TestRandom.Ed25519($"{member.Collaborator}/{member.Member} witness");
        var witness = new FreshnessWitness
        {
            Collaboration = collaboration,
            Collaborator = member.Collaborator,
            Member = member.Member,
            BootNonce = new Bytes(bootNonce),
            Checkpoint = Cosignature.Add(note, $"{member.Collaborator}/{member.Member}", key.PublicKey.ToArray(), at, bytes => key.Sign(bytes)),
        };
        return (witness, key.Sign(witness.SignedBytes()));
    }

    /// <summary>Lets a witness answer this start over a note that it has seen.</summary>
    public static Task<Result<RoomStatus>> WitnessAsync(this CollaborationRoom room, TestMember member, string note)
    {
        var (witness, signature) = Answer(member, room.State.Collaboration, room.Status().BootNonce, note, room.Now);
        return room.WitnessAsync(witness, signature, CancellationToken.None);
    }

    /// <summary>Lets the witnesses of all owners answer.</summary>
    public static async Task WitnessAllAsync(this CollaborationRoom room, string note)
    {
        foreach (var member in new[] { TestPeople.Ada, TestPeople.Lea, TestPeople.Hal })
        {
            _ = (await room.WitnessAsync(member, note)).Value;
        }
    }

    /// <summary>Returns a member's private receive key.</summary>
    public static async Task<IAgreementKey> ReceiveKeyAsync(this Machine machine, TestMember member)
    {
        using var secret = SecretBytes.CopyOf(SHA256.HashData(Encoding.UTF8.GetBytes($"cleanroom test key: {member.Collaborator}/{member.Member} receive")));
        return await machine.Backend.ImportAgreementKeyAsync(secret, CancellationToken.None);
    }

    /// <summary>Returns the room as the builders of documents see it.</summary>
    public static TestRoom Of(CollaborationRoom room) => new(room.State, [], room.Now);

    private static byte[] Csv(string header, IEnumerable<string> lines) =>
        Encoding.UTF8.GetBytes(string.Join('\n', lines.Prepend(header)) + "\n");

    private sealed class Silence : IProgress<int>
    {
        public void Report(int value) => ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
    }
}
