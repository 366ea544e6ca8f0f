using System.Text;
using System.Text.Json;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Engine.Results;
using CleanRoom.Engine.Wire;
using CleanRoom.Fuzz.Running;
using CleanRoom.Policy.Lexing;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;
using CleanRoom.Protocol.Portal;
using CleanRoom.TestKit;

namespace CleanRoom.Fuzz.Targets;

/// <summary>Sealed streams, key files, what an engine process answers, the portal's list of files, and SQL text.</summary>
internal static class OtherTargets
{
    private const int MaxRows = 1_000;

    public static IEnumerable<FuzzTarget> All() =>
    [
        SeedFiles.Target("sealed-stream-header", [("made", Header())], bytes => SeedFiles.Outcome(SealedStreamHeader.Parse(bytes).IsAccepted)),
        SeedFiles.Target("key-file", KeyFiles(), bytes => SeedFiles.Outcome(KeyFile.Parse(bytes).IsAccepted)),
        SeedFiles.Target("engine-rows", [("made", Rows())], bytes => SeedFiles.Outcome(EngineRows.Read(bytes, MaxRows).IsAccepted)),
        SeedFiles.Target("engine-frame", [("made", FrameHead.Encode(FrameKind.Run, [], 4))], Frame),
        SeedFiles.Target("portal-files", [("made", PortalFiles())], bytes => SeedFiles.Outcome(PortalFileList.Parse(bytes).IsAccepted)),
        SeedFiles.Target("sql-lexer", Queries(), Lex),
    ];

    private static FuzzOutcome Lex(byte[] bytes)
    {
        var sql = Encoding.UTF8.GetString(bytes);
        if (SqlTextLimits.Check(sql) is not null)
        {
            return FuzzOutcome.Refused;
        }

        var lexer = new SqlLexer(sql);
        var end = 0;
        while (lexer.Next(out var token))
        {
            if (token.Start < end || token.Length <= 0)
            {
                throw new UnsoundException($"a token of {token.Length} characters at {token.Start}, before the end of another at {end}");
            }

            end = token.Start + token.Length;
        }

        return SeedFiles.Outcome(isRead: true, !lexer.Failed);
    }

    /// <summary>The caller reads exactly as many bytes as a head has.</summary>
    private static FuzzOutcome Frame(byte[] bytes)
    {
        Array.Resize(ref bytes, FrameHead.Bytes);
        return SeedFiles.Outcome(FrameHead.Parse(bytes, FrameLimits.Requests) is not null || FrameHead.Parse(bytes, FrameLimits.Replies(MaxRows)) is not null);
    }

    private static byte[] PortalFiles() =>
        PortalFileList.Of([new("css/a.css", Digest.Of("a"u8)), new("index.html", Digest.Of("b"u8))]).Encoded.ToArray();

    private static byte[] Header() => [40, .. Enumerable.Repeat((byte)0x5A, 32), .. Enumerable.Repeat((byte)0xA5, 7)];

    private static IEnumerable<(string, byte[])> KeyFiles()
    {
        var vectors = JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Committed("contracts", "vectors", "crypto", "key-file.json"))).RootElement;
        return ((string[])["member", "root"]).Select(name =>
            (name, Jcs.Canonicalize(Encoding.UTF8.GetBytes(vectors.GetProperty(name).GetRawText()), KeyFile.MaxBytes).Value));
    }

    /// <summary>Two rows with a column of each kind of length.</summary>
    private static byte[] Rows()
    {
        var writer = new RowWriter(4_096);
        var (number, text, amount) = (writer.AddColumn("n", RowCell.WholeNumber, 0), writer.AddColumn("t", RowCell.Text, 0), writer.AddColumn("d", RowCell.ScaledDecimal, 2));
        number.Write(7L);
        number.WriteAbsent();
        text.Write("north"u8);
        text.Write("south"u8);
        amount.Write((Int128)1_234);
        amount.Write((Int128)(-5));
        return writer.Finish(2);
    }

    private static IEnumerable<(string, byte[])> Queries() =>
        File.ReadAllText(RepositoryFiles.Committed("contracts", "vectors", "policy", "queries.sql")).Split("--# ").Skip(1)
            .Select(query => (query.Split(' ')[0], Encoding.UTF8.GetBytes(query[(query.IndexOf('\n', StringComparison.Ordinal) + 1)..])))
            .Where(query => query.Item2.Length > 0);
}
