using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Native;

/// <summary>Passes open descriptors over a Unix socket (SCM_RIGHTS of unix(7)).</summary>
internal static unsafe class DescriptorPassing
{
    /// <summary>The most descriptors of one message; the kernel's own limit is 253.</summary>
    public const int MaxDescriptors = 240;

    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int NoSignal = 0x4000;
    private const int CloseOnExec = 0x40000000;
    private const int ControlTruncated = 0x8;
    private const int DataOffset = 16;
    private const int ErrorInterrupted = 4;
    private const int ControlBytes = DataOffset + (MaxDescriptors * sizeof(int));

    /// <summary>Sends the bytes and the descriptors in one message.</summary>
    /// <exception cref="IOException">The socket did not take all of it at once.</exception>
    public static void Send(SafeHandle socket, ReadOnlySpan<byte> bytes, IReadOnlyList<SafeFileHandle> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bytes.Length);
        ArgumentOutOfRangeException.ThrowIfZero(descriptors.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Count, MaxDescriptors);

        var control = stackalloc byte[ControlBytes];
        new Span<byte>(control, ControlBytes).Clear();
        var header = (ControlHeader*)control;
        header->Length = (nuint)(DataOffset + (descriptors.Count * sizeof(int)));
        header->Level = SocketLevel;
        header->Type = Rights;
        for (var i = 0; i < descriptors.Count; i++)
        {
            ((int*)(control + DataOffset))[i] = (int)descriptors[i].DangerousGetHandle();
        }

        fixed (byte* start = bytes)
        {
            var vector = new IoVector { Base = start, Length = (nuint)bytes.Length };
            var message = new MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = AlignUp(header->Length),
            };
            var sent = Libc.SendMessage(socket, &message, NoSignal);
            GC.KeepAlive(descriptors);
            if (sent != bytes.Length)
            {
                throw new IOException(sent < 0
                    ? $"sendmsg: {Marshal.GetLastPInvokeErrorMessage()}"
                    : $"sendmsg: wanted {bytes.Length} bytes; got {sent}");
            }
        }
    }

    /// <summary>Receives some bytes and takes every descriptor that rides on them, close-on-exec.</summary>
    /// <returns>The number of bytes; 0 at the end.</returns>
    /// <exception cref="IOException">The socket failed, or carried more descriptors than one message may.</exception>
    public static int Receive(SafeHandle socket, Span<byte> bytes, List<SafeFileHandle> descriptors)
    {
        var control = stackalloc byte[ControlBytes];
        fixed (byte* start = bytes)
        {
            var vector = new IoVector { Base = start, Length = (nuint)bytes.Length };
            var message = new MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlBytes,
            };
            nint received;
            do
            {
                received = Libc.ReceiveMessage(socket, &message, CloseOnExec);
            }
            while (received < 0 && Marshal.GetLastPInvokeError() == ErrorInterrupted);

            if (received < 0)
            {
                throw new IOException($"recvmsg: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            Take(control, message.ControlLength, descriptors);
            return (message.Flags & ControlTruncated) == 0
                ? (int)received
                : throw new IOException($"recvmsg: wanted at most {MaxDescriptors} descriptors; got more");
        }
    }

    private static void Take(byte* control, nuint length, List<SafeFileHandle> descriptors)
    {
        nuint offset = 0;
        while (length - offset >= DataOffset)
        {
            var header = (ControlHeader*)(control + offset);
            if (header->Length < DataOffset || header->Length > length - offset)
            {
                return;
            }

            if (header->Level == SocketLevel && header->Type == Rights)
            {
                var count = (int)((header->Length - DataOffset) / sizeof(int));
                for (var i = 0; i < count; i++)
                {
                    descriptors.Add(new SafeFileHandle(((int*)(control + offset + DataOffset))[i], ownsHandle: true));
                }
            }

            offset += Math.Min(AlignUp(header->Length), length - offset);
        }
    }

    private static nuint AlignUp(nuint length) => (length + 7) & ~(nuint)7;
}
