using System.Net.Sockets;
using CleanRoom.Engine.Native;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Tests.Native;

public sealed class DescriptorPassingTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
    private readonly Socket _sender = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Socket _receiver;

    public DescriptorPassingTests()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_path));
        listener.Listen(1);
        _sender.Connect(new UnixDomainSocketEndPoint(_path));
        _receiver = listener.Accept();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(DescriptorPassing.MaxDescriptors)]
    public void Receive_descriptorsSent_givesAllCloseOnExec(int count)
    {
        var sent = Enumerable.Range(0, count).Select(_ => File.OpenHandle("/dev/null")).ToArray();
        DescriptorPassing.Send(_sender.SafeHandle, "frame"u8, sent);

        List<SafeFileHandle> received = [];
        var buffer = new byte[16];
        DescriptorPassing.Receive(_receiver.SafeHandle, buffer, received).Should().Be(5);

        received.Should().HaveCount(count);
        received.Should().OnlyContain(handle => (Libc.Control(handle, Libc.GetDescriptorFlags, 0) & Libc.CloseOnExec) != 0);
        foreach (var handle in received.Concat(sent))
        {
            handle.Dispose();
        }
    }

    [Fact]
    public void Receive_plainBytes_givesNoDescriptor()
    {
        _sender.Send("plain"u8);
        List<SafeFileHandle> received = [];
        DescriptorPassing.Receive(_receiver.SafeHandle, new byte[16], received).Should().Be(5);
        received.Should().BeEmpty();
    }

    [Fact]
    public void Receive_closedPeer_givesZero()
    {
        _sender.Dispose();
        DescriptorPassing.Receive(_receiver.SafeHandle, new byte[16], []).Should().Be(0);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        File.Delete(_path);
    }
}
