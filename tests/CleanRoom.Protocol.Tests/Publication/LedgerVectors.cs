using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Publication;

/// <summary>The files of <c>contracts/vectors/ledger</c>: seven rows, their tree, its proofs, its checkpoint, and refused ones.</summary>
internal static class LedgerVectors
{
    private const string CheckpointKey = "collaboration checkpoint";
    private const string Witness = "registry/ada";
    private const string WitnessKey = "ada witness";
    private const int Size = 7;
    private static readonly LedgerRow[] _rows = [.. Enumerable.Range(0, Size).Select(Row)];
    private static readonly Digest[] _leaves = [.. _rows.Select(row => row.Leaf)];

    /// <summary>Returns file name to content.</summary>
    public static IReadOnlyDictionary<string, byte[]> All()
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var row in _rows)
        {
            files.Add($"rows/{row.Sequence}.json", RowCodec.Encode(row));
        }

        var note = Note(Checkpoint());
        var cosigned = Cosign(note);
        files.Add("checkpoint.note", Encoding.UTF8.GetBytes(note));
        files.Add("checkpoint-cosigned.note", Encoding.UTF8.GetBytes(cosigned));
        var index = new JsonObject
        {
            ["leaves"] = Hashes(_leaves),
            ["rootsBySize"] = Hashes(Enumerable.Range(0, Size + 1).Select(Root)),
            ["inclusion"] = new JsonArray([.. Enumerable.Range(0, Size).Select(index => (JsonNode)Inclusion(index))]),
            ["consistency"] = new JsonArray([.. Enumerable.Range(1, Size).Select(first => (JsonNode)Consistency(first))]),
            ["checkpoint"] = new JsonObject
            {
                ["file"] = "checkpoint.note",
                ["origin"] = DocumentSamples.Collaboration,
                ["size"] = Size,
                ["root"] = Root(Size).ToString(),
                ["key"] = TestKeys.Ed25519Public(CheckpointKey).ToString(),
                ["verifierKey"] = LogKey().ToString(),
                ["testKeyName"] = CheckpointKey,
            },
            ["cosignature"] = new JsonObject
            {
                ["file"] = "checkpoint-cosigned.note",
                ["witness"] = Witness,
                ["time"] = ContractSample.Start.ToString(),
                ["key"] = TestKeys.Ed25519Public(WitnessKey).ToString(),
                ["verifierKey"] = new NoteVerifierKey(Witness, NoteKeyType.Cosignature, TestKeys.Ed25519Public(WitnessKey).Span).ToString(),
                ["testKeyName"] = WitnessKey,
            },
            ["refused"] = new JsonObject
            {
                ["inclusion"] = new JsonArray([.. RefusedInclusion()]),
                ["consistency"] = new JsonArray([.. RefusedConsistency()]),
                ["checkpoints"] = new JsonArray([.. RefusedCheckpoints(note)]),
                ["cosignatures"] = new JsonArray([.. RefusedCosignatures(cosigned)]),
            },
        };
        files.Add("index.json", CommittedFiles.Indented(index));
        return files;
    }

    private static LedgerRow Row(int sequence)
    {
        var resume = DocumentSamples.All.OfType<Resume>().Single() with { SuspendSequence = sequence };
        return new LedgerRow(
            sequence,
            ContractSample.Start.Plus(TimeSpan.FromSeconds(sequence)),
            TestKeys.Envelope(DocumentCodec.PayloadTypeOf(resume), DocumentCodec.Encode(resume), "ada sign"));
    }

    private static JsonObject Inclusion(int index) =>
        InclusionCase(_leaves[index], index, Size, MerkleTree.InclusionProof(_leaves, index, Size), Root(Size));

    private static JsonObject Consistency(int first) =>
        ConsistencyCase(first, Size, MerkleTree.ConsistencyProof(_leaves, first, Size), Root(first), Root(Size));

    private static IEnumerable<JsonNode> RefusedInclusion()
    {
        var proof = MerkleTree.InclusionProof(_leaves, 2, Size);
        yield return Why("another leaf", InclusionCase(_leaves[3], 2, Size, proof, Root(Size)));
        yield return Why("another index", InclusionCase(_leaves[2], 3, Size, proof, Root(Size)));
        yield return Why("index beyond the tree", InclusionCase(_leaves[2], Size, Size, proof, Root(Size)));
        yield return Why("negative index", InclusionCase(_leaves[2], -1, Size, proof, Root(Size)));
        yield return Why("another root", InclusionCase(_leaves[2], 2, Size, proof, Root(Size - 1)));
        yield return Why("a sibling too few", InclusionCase(_leaves[2], 2, Size, proof[..^1], Root(Size)));
        yield return Why("a sibling too many", InclusionCase(_leaves[2], 2, Size, [.. proof, _leaves[0]], Root(Size)));
        yield return Why("two siblings swapped", InclusionCase(_leaves[2], 2, Size, [proof[1], proof[0], proof[2]], Root(Size)));
        yield return Why("a node in place of a leaf", InclusionCase(MerkleTree.NodeHash(_leaves[2], _leaves[3]), 1, 4, proof[1..], Root(Size)));
    }

    private static IEnumerable<JsonNode> RefusedConsistency()
    {
        var proof = MerkleTree.ConsistencyProof(_leaves, 3, Size);
        yield return Why("another first root", ConsistencyCase(3, Size, proof, Root(4), Root(Size)));
        yield return Why("another second root", ConsistencyCase(3, Size, proof, Root(3), Root(6)));
        yield return Why("a hash too few", ConsistencyCase(3, Size, proof[..^1], Root(3), Root(Size)));
        yield return Why("a hash too many", ConsistencyCase(3, Size, [.. proof, _leaves[0]], Root(3), Root(Size)));
        yield return Why("no proof", ConsistencyCase(3, Size, [], Root(3), Root(Size)));
        yield return Why("sizes swapped", ConsistencyCase(Size, 3, proof, Root(Size), Root(3)));
        yield return Why("from the empty tree", ConsistencyCase(0, Size, [], Root(0), Root(Size)));
        yield return Why("equal sizes, other roots", ConsistencyCase(Size, Size, [], Root(6), Root(Size)));
        yield return Why("equal sizes with a proof", ConsistencyCase(Size, Size, [_leaves[0]], Root(Size), Root(Size)));
    }

    private static IEnumerable<JsonNode> RefusedCheckpoints(string note)
    {
        var text = Checkpoint().Text;
        var line = SignedNote.Parse(note).Value.Signatures[0];
        yield return Refused("another size", RefusalCode.SignatureInvalid, note.Replace("\n7\n", "\n6\n", StringComparison.Ordinal));
        yield return Refused("a size with a leading zero", RefusalCode.CheckpointInvalid, SignText(text.Replace("\n7\n", "\n07\n", StringComparison.Ordinal)));
        yield return Refused("an extension line", RefusalCode.CheckpointInvalid, SignText(text + "extension\n"));
        yield return Refused("a root of 31 bytes", RefusalCode.CheckpointInvalid, SignText($"{DocumentSamples.Collaboration}\n7\n{new Bytes(new byte[31])}\n"));
        yield return Refused(
            "another origin, signed by this key", RefusalCode.CheckpointInvalid, SignText((Checkpoint() with { Origin = "another" }).Text));
        yield return Refused(
            "another key of the same name", RefusalCode.SignatureMissing, SignedNote.Create(text, [line with { KeyHash = line.KeyHash ^ 1 }]).ToString());
        yield return Refused(
            "another name", RefusalCode.SignatureMissing, SignedNote.Create(text, [line with { Name = "another" }]).ToString());
        yield return Refused("no signature", RefusalCode.CheckpointInvalid, text + "\n");
        yield return Refused("no blank line", RefusalCode.CheckpointInvalid, note.Replace("\n\n", "\n", StringComparison.Ordinal));
        yield return Refused("no newline at the end", RefusalCode.CheckpointInvalid, note[..^1]);
        yield return Refused("carriage returns", RefusalCode.CheckpointInvalid, note.Replace("\n", "\r\n", StringComparison.Ordinal));
        yield return Refused("a hyphen for the dash", RefusalCode.CheckpointInvalid, note.Replace('\u2014', '-'));
        yield return Refused(
            "101 signatures", RefusalCode.CheckpointInvalid, note + string.Concat(Enumerable.Repeat(note[note.IndexOf('\u2014', StringComparison.Ordinal)..], 100)));
    }

    private static IEnumerable<JsonNode> RefusedCosignatures(string cosigned)
    {
        var note = SignedNote.Parse(cosigned).Value;
        var line = note.Signatures[1];
        var later = line.Signature.ToArray();
        later[7]++;
        yield return Refused("no cosignature", RefusalCode.SignatureMissing, Note(Checkpoint()));
        yield return Refused("another time", RefusalCode.SignatureInvalid, note.With(line with { Signature = new Bytes(later) }).ToString());
        yield return Refused("without a time", RefusalCode.SignatureInvalid, note.With(line with { Signature = new Bytes(line.Signature.Span[8..]) }).ToString());
        yield return Refused(
            "moved to another checkpoint",
            RefusalCode.SignatureInvalid,
            SignedNote.Parse(Note(Checkpoint() with { Size = 6, Root = Root(6) })).Value.With(line).ToString());
        yield return Refused(
            "a plain signature by the witness",
            RefusalCode.SignatureInvalid,
            note.With(line with { Signature = new Bytes([.. line.Signature.Span[..8], .. TestKeys.Ed25519Signer(WitnessKey)(Encoding.UTF8.GetBytes(note.Text))]) })
                .ToString());
    }

    private static string SignText(string text) => SignedNote.Create(
        text,
        [
            new NoteSignature(
                DocumentSamples.Collaboration, LogKey().Hash, new Bytes(TestKeys.Ed25519Signer(CheckpointKey)(Encoding.UTF8.GetBytes(text)))),
        ]).ToString();

    private static string Note(Checkpoint checkpoint) => CheckpointNote.Build(checkpoint, LogKey(), TestKeys.Ed25519Signer(CheckpointKey));

    private static string Cosign(string note) =>
        Cosignature.Add(note, Witness, TestKeys.Ed25519Public(WitnessKey).ToArray(), ContractSample.Start, TestKeys.Ed25519Signer(WitnessKey));

    private static NoteVerifierKey LogKey() =>
        new(DocumentSamples.Collaboration, NoteKeyType.Ed25519, TestKeys.Ed25519Public(CheckpointKey).Span);

    private static Checkpoint Checkpoint() => new(DocumentSamples.Collaboration, Size, Root(Size));

    private static Digest Root(int size) => MerkleTree.Root(_leaves[..size]);

    private static JsonObject InclusionCase(Digest leaf, long index, long size, IEnumerable<Digest> proof, Digest root) => new()
    {
        ["leaf"] = leaf.ToString(), ["index"] = index, ["size"] = size, ["proof"] = Hashes(proof), ["root"] = root.ToString(),
    };

    private static JsonObject ConsistencyCase(long first, long second, IEnumerable<Digest> proof, Digest firstRoot, Digest secondRoot) => new()
    {
        ["first"] = first,
        ["second"] = second,
        ["proof"] = Hashes(proof),
        ["firstRoot"] = firstRoot.ToString(),
        ["secondRoot"] = secondRoot.ToString(),
    };

    private static JsonObject Refused(string why, RefusalCode code, string note) =>
        Why(why, new JsonObject { ["refusal"] = code.Slug(), ["note"] = note });

    private static JsonObject Why(string why, JsonObject entry)
    {
        entry.Insert(0, "why", why);
        return entry;
    }

    private static JsonArray Hashes(IEnumerable<Digest> hashes) => new([.. hashes.Select(hash => (JsonNode)hash.ToString())]);
}
