using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Engine.Native;
using CleanRoom.Engine.Wire;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Child;

/// <summary>The engine's end of the socket. Blocking: the engine has one request at a time.</summary>
internal sealed class ChildChannel : IDisposable
{
    private readonly Socket _socket;
    private readonly Lock _sending = new();
    private readonly List<SafeFileHandle> _descriptors = [];

    private ChildChannel(Socket socket) => _socket = socket;

    /// <summary>Connects to the node.</summary>
    /// <exception cref="SocketException">Nobody listens at the path: the node is gone.</exception>
    public static ChildChannel Connect(string socketPath)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        return new ChildChannel(socket);
    }

    /// <summary>Takes a socket that is connected.</summary>
    public static ChildChannel Of(Socket socket) => new(socket);

    /// <summary>Waits for a request.</summary>
    /// <returns>Null when the node closed the socket.</returns>
    /// <exception cref="IOException">The bytes are not a request.</exception>
    public Frame? Receive()
    {
        var bytes = new byte[FrameHead.Bytes];
        if (!Fill(bytes, isEndAllowed: true))
        {
            return null;
        }

        if (FrameHead.Parse(bytes, FrameLimits.Requests) is not { } head)
        {
            throw new IOException("frame: wanted a request within its limits; got another");
        }

        var body = new byte[head.BodyBytes];
        _ = Fill(body, isEndAllowed: false);
        return Frame.Of(head, body);
    }

    /// <summary>Hands over the descriptors that came with the last frame.</summary>
    public IReadOnlyList<SafeFileHandle> TakeDescriptors()
    {
        SafeFileHandle[] taken = [.. _descriptors];
        _descriptors.Clear();
        return taken;
    }

    /// <summary>Sends a reply; may be called from any thread.</summary>
    public void Send<T>(FrameKind kind, T header, JsonTypeInfo<T> type, ReadOnlyMemory<byte> payload)
    {
        var head = FrameHead.Encode(kind, JsonSerializer.SerializeToUtf8Bytes(header, type), payload.Length);
        lock (_sending)
        {
            SendAll(head);
            SendAll(payload.Span);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var descriptor in _descriptors)
        {
            descriptor.Dispose();
        }

        _socket.Dispose();
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private bool Fill(Span<byte> bytes, bool isEndAllowed)
    {
        var filled = 0;
        while (filled < bytes.Length)
        {
            // Descriptors are asked for on every read, so none can slip in without close-on-exec or unseen.
            var received = DescriptorPassing.Receive(_socket.SafeHandle, bytes[filled..], _descriptors);
            if (received == 0)
            {
                return isEndAllowed && filled == 0
                    ? false
                    : throw new IOException($"frame: wanted {bytes.Length} bytes; got {filled}");
            }

            filled += received;
        }

        return true;
    }
}
