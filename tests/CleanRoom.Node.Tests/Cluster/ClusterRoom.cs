using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Results;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>Three collaborators with their own clients, which reach a cluster over HTTP.</summary>
internal sealed class ClusterRoom : IDisposable
{
    private static readonly string[] _collaborators = ["registry", "laboratory", "hospital"];

    private readonly HttpClient _http;
    private readonly ImmutableDictionary<string, RoomClient> _clients;

    private ClusterRoom(HttpClient http, ImmutableDictionary<string, RoomClient> clients) => (_http, _clients) = (http, clients);

    /// <summary>Gets the state as the hospital's client has verified it.</summary>
    public CollaborationState State => _clients["hospital"].State;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Timestamp Now => Timestamp.From(TimeProvider.System.GetUtcNow());

    /// <summary>Lets all sign a contract.</summary>
    public static async Task<ClusterRoom> AgreeAsync(Uri address, Contract draft)
    {
        var http = new HttpClient();
        var services = new ClientServices(new BclCryptoBackend(), http, TimeProvider.System, [new InsecureSimulatedVerifier()]) { Patience = TimeSpan.FromMinutes(1) };
        var members = await Task.WhenAll(_collaborators.Select(name => FakeMember.MakeAsync(name, Now)));
        var contract = draft with
        {
            Collaborators = [.. draft.Collaborators.Select((one, i) => one with { RootKey = members[i].Root.PublicKey })],
            Approval = draft.Approval with { Quorum = [] },
        };
        var room = RoomAddress.Parse(address.ToString()).Value;
        var clients = ImmutableDictionary.CreateBuilder<string, RoomClient>();
        var first = (await ContractProposal.ProposeAsync(
            services, room, contract, members[0].Identity, [.. members.Select(member => member.Delegation)], members[0].Memory, Cancel)).Value;
        clients[_collaborators[0]] = first;
        foreach (var member in members[1..])
        {
            member.Memory.Record = RoomRecord.Invited(first.Collaboration, contract);
            var client = (await RoomClient.OpenAsync(services, room, first.Collaboration, member.Identity, member.Memory, Cancel)).Value;
            _ = (await new RoomContracts(client).SignAsync(contract, Cancel)).Value;
            clients[member.Identity.Collaborator] = client;
        }

        return new(http, clients.ToImmutable());
    }

    /// <summary>Lets a dataset's owner upload a file, and waits until it is taken in.</summary>
    public async Task UploadAsync(string dataset, byte[] file)
    {
        var client = await NewestAsync(dataset.Split('.')[0]);
        var source = new DatasetSource(file.Length, Now, _ => ValueTask.FromResult<Stream>(new MemoryStream(file)));
        var store = new FakeUploads();
        var uploads = new RoomUploads(client, store);
        var begun = (await uploads.BeginAsync(dataset, source, Cancel)).Value;
        var sent = (await uploads.SendAsync(begun, source, null, Cancel)).Value;
        var published = (await new RoomDatasets(client, store).PublishAsync(sent, Cancel)).Value;
        (await new RoomIngests(client).WaitAsync(RoomDatasets.ManifestOf(published).Value, null, Cancel)).Value.Statement!.Accepted.Should().BeTrue();
    }

    /// <summary>Lets the hospital ask, the owners approve, and waits for the answer.</summary>
    public async Task<(Digest Query, byte[] Answer)> AskAsync(string sql, int runs)
    {
        var hospital = await NewestAsync("hospital");
        var terms = new QueryTerms(runs, Now, Now.Plus(TimeSpan.FromDays(1)));
        var submitted = (await new RoomQueries(hospital).SubmitAsync(QueryQuestion.OfSql(sql, ["hospital"]), terms, Cancel)).Value;
        foreach (var approver in submitted.Verdict.Approvers)
        {
            var queries = new RoomQueries(await NewestAsync(approver));
            var review = (await queries.ReviewAsync(submitted.QueryDigest, Cancel)).Value;
            var conditions = new ApprovalConditions { MaxRuns = runs, Expires = terms.Expires };
            _ = (await queries.DecideAsync(review, ApprovalDecision.Approve, string.Empty, conditions, Cancel)).Value;
        }

        return (submitted.QueryDigest, await AnswerAsync(submitted.QueryDigest, run: 1));
    }

    /// <summary>Lets the hospital have a query run once more.</summary>
    public async Task<byte[]> AskAgainAsync(Digest query, int run)
    {
        _ = (await new RoomRuns(_clients["hospital"]).RunAgainAsync(query, Cancel)).Value;
        return await AnswerAsync(query, run);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Returns a collaborator's client, with the rows that others have brought.</summary>
    private async Task<RoomClient> NewestAsync(string collaborator)
    {
        var client = _clients[collaborator];
        _ = (await client.RefreshAsync(Cancel)).Value;
        return client;
    }

    /// <summary>Follows until the ledger has the answer of a run.</summary>
    private async Task<byte[]> AnswerAsync(Digest query, int run)
    {
        while (true)
        {
            var hospital = await NewestAsync("hospital");
            if (hospital.State.Queries[query].Runs is [.., { IsEnded: true }] runs && runs.Length == run)
            {
                runs[^1].Failure.Should().BeNull();
                return [.. (await new RoomResults(hospital).OpenAsync(query, Cancel)).Value.Payload.Span];
            }

            await foreach (var next in new RoomRuns(hospital).FollowAsync(query, Cancel))
            {
                _ = next.Value;
            }
        }
    }
}
