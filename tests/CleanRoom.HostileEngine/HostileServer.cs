using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using CleanRoom.Engine.Child;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Wire;
using CleanRoom.HostileEngine.Attempts;

namespace CleanRoom.HostileEngine;

/// <summary>Takes a run frame as an order to attack, tries it from two threads, and answers what came of it.</summary>
internal static class HostileServer
{
    /// <summary>What an answer begins with when a thread got what it was after.</summary>
    public const string Done = "done: ";

    /// <summary>What an answer begins with when neither did.</summary>
    public const string Refused = "refused: ";

    /// <summary>Serves until the node closes the socket.</summary>
    public static int Serve(string socketPath, bool isHeld)
    {
        var rehearsed = Rehearsal.Input();
        var layers = isHeld ? Confinement.Enter() : None();

        // A thread from before the last layers: the kernel gives Landlock's second domain to the serving thread alone.
        using var early = new EarlyThread();
        using var connection = Rehearsal.Hold(rehearsed);
        using var channel = EngineServer.Prepare(socketPath);
        var network = Confinement.NetworkNamespace();
        layers = isHeld ? [.. layers, .. Confinement.Close()] : layers;
        channel.Send(
            FrameKind.Ready,
            new ReadyHeader { Version = EngineServer.WireVersion, Layers = layers, NetworkNamespace = network },
            WireJson.Default.ReadyHeader,
            default);
        while (channel.Receive() is { } frame)
        {
            var order = Encoding.UTF8.GetString(frame.Payload.Span).Split('\n');
            var here = Try(order);
            var there = early.Run(() => Try(order));
            var answer = here.StartsWith(Done, StringComparison.Ordinal) ? here
                : there.StartsWith(Done, StringComparison.Ordinal) ? there
                : $"{here}; from an earlier thread: {there}";
            channel.Send(
                FrameKind.Failed, new FailedHeader { Kind = EngineFailureKind.Sql }, WireJson.Default.FailedHeader, Encoding.UTF8.GetBytes(answer));
        }

        return 0;
    }

    private static string Try(string[] order)
    {
        try
        {
            return Done + Attack.All[order[0]](order[1..]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException
            or System.ComponentModel.Win32Exception)
        {
            return $"{Refused}{exception.GetType().Name}, {exception.Message}";
        }
    }

    private static ImmutableArray<SandboxLayerState> None() =>
    [
        .. Enum.GetValues<SandboxLayer>()
            .Where(layer => layer != SandboxLayer.None && !ReportedLayers.SeenByNode.Contains(layer))
            .Select(layer => new SandboxLayerState { Layer = layer, IsActive = false, Detail = "left off" }),
    ];

    private sealed class EarlyThread : IDisposable
    {
        private readonly BlockingCollection<Action> _work = [];

        public EarlyThread()
        {
            var thread = new Thread(() =>
            {
                foreach (var action in _work.GetConsumingEnumerable())
                {
                    action();
                }
            })
            { IsBackground = true };
            thread.Start();
        }

        public string Run(Func<string> attempt)
        {
            var result = new TaskCompletionSource<string>();
            _work.Add(() => result.SetResult(attempt()));
            return result.Task.GetAwaiter().GetResult();
        }

        public void Dispose() => _work.Dispose();
    }
}
