using System.Text.Json;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol.Api;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Api;

/// <summary>A member in a hurry is told when to come again, and keeps nobody else waiting.</summary>
public sealed class AdmissionApiTests
{
    [Fact]
    public async Task Member_beyond_its_share_is_refused_with_the_time_to_ask_again_and_another_is_served()
    {
        await using var node = new RunningNode { Admission = new AdmissionOptions { RequestsPerSecond = 1 } };
        await node.InitializeAsync();
        var channel = await node.ConnectAsync();
        var collaboration = await channel.ProposeAsync(Scene.Contract);
        var (ada, lea) = (await channel.SignInAsync(collaboration, TestPeople.Ada), await channel.SignInAsync(collaboration, TestPeople.Lea));

        ChannelResponse answer;
        var served = 0;
        while ((answer = await RowsAsync(ada)).Status == 200)
        {
            served++;
        }

        served.Should().BeGreaterThanOrEqualTo(4, "four seconds' worth at once");
        answer.Status.Should().Be(429);
        answer.ContentType.Should().StartWith("application/problem+json");
        var problem = JsonSerializer.Deserialize(answer.Body.Span, ApiJsonContext.Default.Problem)!;
        problem.Type.Should().Be("urn:cleanroom:error:too-many-requests");
        problem.RetryAfter.Should().BeGreaterThanOrEqualTo(1);
        problem.Reasons.Should().ContainSingle().Which.Got.Should().EndWith($"ask again in {problem.RetryAfter} s");
        (await RowsAsync(lea)).Status.Should().Be(200);

        Task<ChannelResponse> RowsAsync(string token) => channel.SendAsync("GET", NodeChannel.Path(ApiRoutes.Rows, collaboration), token: token);
    }
}
