using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Native;
using CleanRoom.Engine.Wire;
using DuckDB.NET.Data;

namespace CleanRoom.Engine.Child;

/// <summary>
/// One whole conversation with a node that asks about two rows of nobody, so that no query waits for what is loaded and compiled once. Where something is missing
/// the node hears why.
/// </summary>
/// <remarks>Without it the first frame alone took 43 ms, of the 60 that a query over 1,000 rows spent here.</remarks>
internal static class Rehearsal
{
    private const int MaxOutputBytes = 1 << 16;

    // Takes the ways of the others: each kind of cell is written once.
    private const string Sql =
        "SELECT 'a' AS a, TRUE AS b, CAST(range AS INTEGER) AS c, range AS d, sum(range) AS e, CAST(1 AS DECIMAL(38, 2)) AS f, DATE '2000-01-01' AS g, "
        + "TIMESTAMP '2000-01-01' AS h, '\\x00'::BLOB AS i, [1::UINTEGER] AS j, CAST(1 AS DECIMAL(18, 2)) AS k FROM engine_input_0 GROUP BY range";

    // The file that DuckDB 1.5 makes by: COPY (SELECT range FROM range(2)) TO '...' (FORMAT parquet, COMPRESSION uncompressed).
    private const string Parquet =
        "UEFSMRUAFSwVLCwVBBUAFQYVBgAAAgAAAAQBAAAAAAAAAAABAAAAAAAAABUCGSw1ABgNZHVja2RiX3NjaGVtYRUCABUEJQIYBXJhbmdlJSQAFgQZHBkcJgAcFQQZFQAZGAVyYW5nZRUAFgQWThZOJgg8GAgBAAAAAAAAABgIAAAAAAAAAAAWACgIAQAAAAAAAAAYCAAAAAAAAAAAEREAAAAWThYEJggWTgAoKER1Y2tEQiB2ZXJzaW9uIHYxLjUuNiAoYnVpbGQgMDY5Y2M5ZjliNSkZHBwAAACvAAAAUEFSMQ==";

    /// <summary>Makes the rows. Call it while the process may still make files.</summary>
    public static AnonymousMapping Input()
    {
        var bytes = Convert.FromBase64String(Parquet);
        var mapping = AnonymousMapping.Create(bytes.Length);
        bytes.CopyTo(mapping.Bytes(0, bytes.Length));
        return mapping;
    }

    /// <summary>Holds it.</summary>
    /// <param name="input">Of <see cref="Input"/>; it is given back.</param>
    /// <returns>The instance for the query.</returns>
    public static DuckDBConnection Hold(AnonymousMapping input)
    {
        var (node, own) = Pair();
        using (input)
        using (node)
        using (var channel = ChildChannel.Of(own))
        using (var connection = EngineProfile.Open())
        using (var server = EngineServer.ForRehearsal(channel, connection))
        {
            Ask(node, input);
            for (var frame = 0; frame < 2; frame++)
            {
                server.Answer(channel.Receive()!.Value);
            }

            CheckReplies(node);
        }

        return EngineProfile.Open();
    }

    // Little enough for the socket to hold, the replies too.
    private static void Ask(Socket node, AnonymousMapping input)
    {
        using var descriptor = input.OpenForReading();
        DescriptorPassing.Send(
            node.SafeHandle, FrameHead.Encode(FrameKind.Inputs, JsonSerializer.SerializeToUtf8Bytes(new InputsHeader { Count = 1 }, WireJson.Default.InputsHeader), payloadBytes: 0), [descriptor]);
        var run = new RunHeader { MemoryBytes = 64 << 20, Threads = 1, MaxOutputBytes = MaxOutputBytes, FilesPerRelation = [1] };
        var sql = Encoding.UTF8.GetBytes(Sql);
        _ = node.Send(FrameHead.Encode(FrameKind.Run, JsonSerializer.SerializeToUtf8Bytes(run, WireJson.Default.RunHeader), sql.Length));
        _ = node.Send(sql);
    }

    /// <summary>An engine that cannot answer this one answers none.</summary>
    private static void CheckReplies(Socket node)
    {
        using var stream = new NetworkStream(node);
        var kind = FrameKind.Progress;
        while (kind == FrameKind.Progress)
        {
            var bytes = new byte[FrameHead.Bytes];
            stream.ReadExactly(bytes);
            var head = FrameHead.Parse(bytes, FrameLimits.Replies(MaxOutputBytes)) ?? throw new IOException("rehearsal: wanted a reply; got another frame");
            stream.ReadExactly(new byte[head.BodyBytes]);
            kind = head.Kind;
        }

        if (kind != FrameKind.Result)
        {
            throw new IOException($"rehearsal: wanted rows; got {kind}");
        }
    }

    private static (Socket Node, Socket Own) Pair()
    {
        var ends = new int[2];
        _ = Libc.Check(Libc.SocketPair(Libc.UnixSockets, Libc.StreamSocket | Libc.SocketCloseOnExec, 0, ends), "socketpair");
        return (Of(ends[0]), Of(ends[1]));

        static Socket Of(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));
    }
}
