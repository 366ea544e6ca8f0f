using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace CleanRoom.Engine.Hosting;

/// <summary>The place where a new engine process meets the node: a socket in a directory that only this user can enter.</summary>
internal sealed class SocketRendezvous : IDisposable
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int PeerCredentialsBytes = 12;
    private const int MaxErrorCharacters = 4_096;

    private readonly DirectoryInfo _directory;
    private readonly Socket _listener;

    private SocketRendezvous(DirectoryInfo directory, Socket listener) => (_directory, _listener) = (directory, listener);

    /// <summary>Gets the path of the socket.</summary>
    public string SocketPath => Path.Combine(_directory.FullName, "socket");

    /// <summary>Creates a directory with mode 0700 and listens in it.</summary>
    public static SocketRendezvous Create(string parentDirectory)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("wanted linux; got another system");
        }

        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var directory = Directory.CreateDirectory(
            Path.Combine(parentDirectory, "cleanroom-" + Guid.NewGuid().ToString("N")), ownerOnly);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var rendezvous = new SocketRendezvous(directory, listener);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(rendezvous.SocketPath));
            listener.Listen(1);
            return rendezvous;
        }
        catch
        {
            rendezvous.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the process to connect.</summary>
    /// <exception cref="EngineUnavailableException">It ended instead, or another process connected.</exception>
    public async Task<Socket> AcceptAsync(Process process, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var accepting = _listener.AcceptAsync(stop.Token).AsTask();
        var ending = process.WaitForExitAsync(stop.Token);
        var first = await Task.WhenAny(accepting, ending);
        if (first == ending)
        {
            await stop.CancelAsync();
            await ending;
            throw new EngineUnavailableException(
                $"wanted an engine that connects; got exit code {process.ExitCode} and: {await ReadErrorAsync(process, cancellationToken)}");
        }

        var socket = await accepting;
        await stop.CancelAsync();
        var peer = PeerProcessId(socket);
        if (peer != process.Id)
        {
            socket.Dispose();
            throw new EngineUnavailableException($"wanted a connection of process {process.Id}; got one of {peer}");
        }

        return socket;
    }

    /// <summary>Removes socket and directory.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody cleans the directory too. It holds nothing, and an engine that stands must not be lost over it.
        }
    }

    private static int PeerProcessId(Socket socket)
    {
        // struct ucred: pid, uid, gid, as the kernel noted them when the peer connected.
        Span<byte> credentials = stackalloc byte[PeerCredentialsBytes];
        var length = socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return length == PeerCredentialsBytes && BitConverter.IsLittleEndian ? BinaryPrimitives.ReadInt32LittleEndian(credentials) : -1;
    }

    private static async Task<string> ReadErrorAsync(Process process, CancellationToken cancellationToken)
    {
        var buffer = new char[MaxErrorCharacters];
        var length = await process.StandardError.ReadBlockAsync(buffer, cancellationToken);
        return new string(buffer, 0, length).ReplaceLineEndings(" ").Trim();
    }
}
