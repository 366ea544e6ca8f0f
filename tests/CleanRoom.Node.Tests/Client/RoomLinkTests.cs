using System.Net.Http.Headers;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Node.Tests.Client.Support;

namespace CleanRoom.Node.Tests.Client;

/// <summary>A caller that stops leaves no key and no connection behind.</summary>
public class RoomLinkTests
{
    private readonly CancellationTokenSource _stop = new();
    private readonly WatchedBackend _backend = new();

    [Fact]
    public async Task A_caller_that_stops_before_the_answer_leaves_no_key()
    {
        var (world, link) = await OpenAsync();
        world.Node.Middle = _ =>
        {
            _stop.Cancel();
            throw new OperationCanceledException(_stop.Token);
        };
        await StopsAsync(world, link);
        _backend.Keys.Should().ContainSingle().And.OnlyContain(key => WatchedBackend.IsZeroed(key));
    }

    [Fact]
    public async Task A_caller_that_stops_in_the_answer_leaves_no_key_and_no_connection()
    {
        var (world, link) = await OpenAsync();
        using var response = new WatchedResponse { Content = new ByteArrayContent(new byte[100]) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(ChannelFormat.MediaType);
        world.Node.Middle = _ =>
        {
            _stop.Cancel();
            return Task.FromResult<HttpResponseMessage?>(response);
        };
        await StopsAsync(world, link);
        response.IsDisposed.Should().BeTrue();
        _backend.Keys.Should().ContainSingle().And.OnlyContain(key => WatchedBackend.IsZeroed(key));
    }

    [Fact]
    public async Task A_caller_that_stops_while_the_answer_is_opened_leaves_neither_key()
    {
        var (world, link) = await OpenAsync();
        _backend.BeforeOpen = () =>
        {
            _stop.Cancel();
            throw new OperationCanceledException(_stop.Token);
        };
        await StopsAsync(world, link);
        _backend.Keys.Should().HaveCount(2).And.OnlyContain(key => WatchedBackend.IsZeroed(key));
    }

    private async Task<(World World, RoomLink Link)> OpenAsync()
    {
        var world = await World.ActiveAsync();
        var services = new ClientServices(_backend, world.Http, world.Time, world.Services.Verifiers);
        return (world, (await RoomLink.OpenAsync(services, World.Address, world.Registry.Memory.Record!, World.Cancel)).Value);
    }

    private async Task StopsAsync(World world, RoomLink link)
    {
        var asking = () => link.SendAsync(ApiRequest.Status(world.Room.Log!.Collaboration), _stop.Token);
        await asking.Should().ThrowAsync<OperationCanceledException>();
    }

    private sealed class WatchedResponse : HttpResponseMessage
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
