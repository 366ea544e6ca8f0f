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

    /// <summary>Waits for a request.</summary>
    /// <param name="maxLength">The most bytes of one frame.</param>
    /// <returns>Null when the node closed the socket.</returns>
    /// <exception cref="IOException">The bytes are not a frame.</exception>
    public Frame? Receive(int maxLength)
    {
        var field = new byte[Frame.LengthBytes];
        if (!Fill(field, isEndAllowed: true))
        {
            return null;
        }

        if (!Frame.TryReadLength(field, maxLength, out var length))
        {
            throw new IOException($"frame: wanted at most {maxLength} bytes; got more or too few");
        }

        var body = new byte[length];
        _ = Fill(body, isEndAllowed: false);
        return Frame.TryParse(body, out var frame) ? frame : throw new IOException("frame: wanted a known kind and its header; got neither");
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
        var head = Frame.EncodeHead(kind, JsonSerializer.SerializeToUtf8Bytes(header, type), payload.Length);
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
