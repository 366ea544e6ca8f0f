using System.Net;
using CleanRoom.Node.Tests.Peers;
using CleanRoom.Node.Tests.Storage;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>Two silos and a gateway as an operator starts them: the built program over a real database, with the simulated TEE.</summary>
public sealed class ClusterProcessTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silo_that_is_killed_leaves_the_other_serving_and_the_rest_ends_when_asked()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var first = MemberProcess.Start(scene, "silo");
        await first.ServesAsync(Cancel);
        await using var second = MemberProcess.Start(scene, "silo");
        await second.ServesAsync(Cancel);
        await using var gateway = MemberProcess.Start(scene, "gateway");
        using var http = new HttpClient { BaseAddress = await gateway.ServesAsync(Cancel) };
        await AnswersAsync(http, "health/ready");
        await AnswersAsync(http, $"v1/attestation?nonce={new string('a', 64)}");

        await first.KillAsync();

        await second.LoggedAsync("left the cluster", Cancel);
        await AnswersAsync(http, "health/ready");
        await AnswersAsync(http, $"v1/attestation?nonce={new string('b', 64)}");
        (await gateway.EndAsync(Cancel)).Should().Be(0, gateway.Log);
        (await second.EndAsync(Cancel)).Should().Be(0, second.Log);
    }

    [Fact]
    public async Task Gateway_waits_for_the_first_silo_and_says_so()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var gateway = MemberProcess.Start(scene, "gateway");
        await gateway.LoggedAsync("No silo lets this gateway in yet", Cancel);
        await using var silo = MemberProcess.Start(scene, "silo");

        using var http = new HttpClient { BaseAddress = await gateway.ServesAsync(Cancel) };

        await AnswersAsync(http, "health/ready");
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public async Task Database_that_is_away_is_refused_in_words(string role)
    {
        PostgresFixture.SkipWithoutServer();
        await using var server = await PostgresServer.StartAsync(Cancel);
        using var scene = new ClusterScene(server);
        await server.KillAsync();

        await using var member = MemberProcess.Start(scene, role);

        (await member.EndedAsync(Cancel)).Should().Be(6);
        member.Log.Should().Contain("storage-failed").And.Contain("wanted a connection to the database").And.NotContain("   at ");
    }

    /// <summary>Asks until the answer is 200: the cluster says by that when it has noticed what happened.</summary>
    private static async Task AnswersAsync(HttpClient http, string path)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(PeerIntruder.Patience);
        HttpStatusCode status;
        do
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), limit.Token);
            status = answer.StatusCode;
        }
        while (status is HttpStatusCode.ServiceUnavailable);

        status.Should().Be(HttpStatusCode.OK);
    }
}
