using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CleanRoom.Node.Tests.Client.Support;

namespace CleanRoom.Node.Tests.Cli;

public class StoryTests
{
    private const string Url = "http://room.test";

    private static readonly string[] _names = ["registry", "laboratory", "hospital"];

    [Fact]
    public async Task Three_people_at_three_command_lines_get_one_answer_and_a_receipt()
    {
        var world = await World.MakeAsync();
        using var registry = new CliUser(world);
        using var laboratory = new CliUser(world);
        using var hospital = new CliUser(world);
        CliUser[] users = [registry, laboratory, hospital];

        await AgreeAsync(users);
        await registry.ShowAsync("contract", "show");
        registry.Json["digest"]!.ToString().Should().HaveLength(64);

        // The registry brings its data.
        File.WriteAllText(registry.File_("people.csv"), "id,age,male,weight,height,bmi,case_id,futime,status\n1,57,0,60.5,163,22.6,,6261,0\n");
        var uploaded = await registry.DoAsync("dataset", "upload", "@people.csv", "--dataset", "registry.people");
        uploaded["accepted"]!.GetValue<bool>().Should().BeTrue();
        (await registry.DoAsync("dataset", "status"))[0]!["state"]!.ToString().Should().Be("accepted");

        // The hospital asks, the registry reads and approves, the hospital opens.
        world.Room.Queries.Answer = ArrowAnswer();
        File.WriteAllText(hospital.File_("query.sql"), "SELECT male, count(*) FROM registry.people GROUP BY male");
        var query = (await hospital.DoAsync("query", "submit", "--sql", "@query.sql"))["query"]!.ToString();
        var seen = await registry.DoAsync("query", "status", query[..12]);
        seen["status"]!.ToString().Should().Be("awaiting-approval");
        (await registry.RunAsync(
            "query", "approve", query, "--verdict", "0000", "--reason", "fine", "--passphrase-file", registry.File_("passphrase"))).Should().Be(5);
        await registry.DoAsync("query", "approve", query, "--verdict", seen["verdictDigest"]!.ToString(), "--reason", "within our purpose");
        (await hospital.DoAsync("query", "status", query, "--follow"))["status"]!.ToString().Should().Be("completed");
        (await hospital.DoAsync("query", "list")).AsArray().Should().HaveCount(1);

        await hospital.DoAsync("result", "get", query, "--out", "@answer.csv", "--receipt", "@answer.receipt");
        File.ReadAllText(hospital.File_("answer.csv")).Should().Be("male,\"mean, of \"\"x\"\"\"\n0,-12.50\n1,\n");
        await hospital.DoAsync("result", "get", query, "--out", "@answer.arrow", "--to", "arrow");
        File.ReadAllBytes(hospital.File_("answer.arrow")).Should().Equal(world.Room.Queries.Answer);
        await hospital.DoAsync("result", "get", query, "--out", "@answer.parquet", "--to", "parquet");
        (await hospital.ShowAsync("dataset", "inspect", "@answer.parquet")).ToJsonString().Should().Contain("\"rows\":2");
        (await laboratory.RunAsync("result", "get", query, "--passphrase-file", laboratory.File_("passphrase"))).Should().Be(5);

        await CheckMembersAsync(laboratory);
        await CheckReceiptsAsync(hospital, query);
        await CheckLogAsync(world, users);
    }

    /// <summary>Keys, evidence, policy, contract, delegations, proposal, invitations and signatures.</summary>
    /// <param name="users">Registry, laboratory and hospital.</param>
    /// <param name="url">Where the node is.</param>
    /// <param name="change">Changes the contract's file before it is proposed; null leaves it.</param>
    internal static async Task AgreeAsync(CliUser[] users, string url = Url, Func<string, Task>? change = null)
    {
        var registry = users[0];
        var rootKeys = new List<string>();
        foreach (var (user, name) in users.Zip(_names))
        {
            rootKeys.Add($"{name}={(await user.DoAsync("keys", "new", "--collaborator", name))["sign"]}");
            await user.DoAsync("keys", "new", "--collaborator", name, "--member", "ada");
            (await user.ShowAsync("keys", "show")).AsArray().Should().HaveCount(2);
        }

        // Without a contract nothing allows the simulated TEE: the evidence is shown, and refused.
        (await registry.RunAsync("room", "verify", url, "--save", "@node.evidence", "--json")).Should().Be(5);
        registry.Json["verdict"]!.ToString().Should().Be("contraindicated");
        await registry.ShowAsync("attest", "policy", "new", "--from", "@node.evidence", "--out", "@policy.json");
        await registry.ShowAsync(
            ["contract", "new", "--from", "nafld", "--policy", "@policy.json", "--allow-insecure", "--out", "@contract.json", "--root-key", .. rootKeys]);
        await (change?.Invoke(registry.File_("contract.json")) ?? Task.CompletedTask);
        await registry.ShowAsync("contract", "validate", "@contract.json");
        (await registry.ShowAsync("attest", "verify", "--evidence", "@node.evidence", "--policy", "@contract.json"))["verdict"]!.ToString().Should().Be("warning");
        await registry.ShowAsync("room", "verify", url, "--contract", "@contract.json");

        string[] roles = ["--roles", "admin", "owner", "analyst", "approver", "receiver", "auditor"];
        await registry.DoAsync(["member", "delegate", "--collaborator", "registry", "--member", "ada", "--out", "@ada.delegation", .. roles]);
        await registry.DoAsync("contract", "propose", "@contract.json", "--to", url, "--delegation", "@ada.delegation");
        await registry.ShowAsync("member", "invite", "--out", "@invitation");
        foreach (var (user, name) in users.Zip(_names).Skip(1))
        {
            File.Copy(registry.File_("invitation"), user.File_("invitation"));
            File.Copy(registry.File_("contract.json"), user.File_("contract.json"));
            await user.ShowAsync("member", "invite", "--accept", "@invitation");
            await user.DoAsync(["member", "delegate", "--collaborator", name, "--member", "ada", "--send", .. roles]);
            await user.DoAsync("contract", "sign", "@contract.json");
        }

        users[^1].Json["state"]!.ToString().Should().Be("active");
    }

    /// <summary>A second person comes and goes.</summary>
    private static async Task CheckMembersAsync(CliUser laboratory)
    {
        await laboratory.DoAsync("keys", "new", "--collaborator", "laboratory", "--member", "bob");
        (await laboratory.RunAsync("query", "list", "--passphrase-file", laboratory.File_("passphrase"))).Should().Be(1, "two members need --as");
        await laboratory.DoAsync("member", "delegate", "--collaborator", "laboratory", "--member", "bob", "--roles", "auditor", "--send");
        await laboratory.DoAsync("query", "list", "--as", "laboratory/bob");
        await laboratory.DoAsync("member", "revoke", "--collaborator", "laboratory", "--member", "bob", "--reason", "left", "--as", "laboratory/bob");
        (await laboratory.RunAsync("query", "list", "--as", "laboratory/bob", "--passphrase-file", laboratory.File_("passphrase"))).Should().Be(4);
        File.Delete(Path.Combine(laboratory.Profile, "keys", "laboratory", "member.bob.key"));
    }

    private static async Task CheckReceiptsAsync(CliUser hospital, string query)
    {
        var receipt = await hospital.ShowAsync("receipt", "verify", "@answer.receipt");
        receipt["verified"]!.GetValue<bool>().Should().BeTrue();
        receipt["queryDigest"]!.ToString().Should().Be(query);
        await hospital.DoAsync("result", "get", query, "--out", "@again.csv", "--receipt", "@redacted.receipt", "--redacted");
        (await hospital.RunAsync("receipt", "verify", "@redacted.receipt")).Should().Be(2);
        await hospital.ShowAsync("receipt", "verify", "@redacted.receipt", "--redacted");

        var text = File.ReadAllText(hospital.File_("answer.receipt"));
        File.WriteAllText(hospital.File_("forged.receipt"), text.Replace("\"checkpoint\":\"", "\"checkpoint\":\"a", StringComparison.Ordinal));
        (await hospital.RunAsync("receipt", "verify", "@forged.receipt")).Should().Be(2);
        hospital.Output.Should().Contain("NOT hold");
    }

    private static async Task CheckLogAsync(World world, CliUser[] users)
    {
        var registry = users[0];
        var audited = await registry.DoAsync("log", "audit", Url, "--out", "@log.json");
        audited["root"]!.ToString().Should().Be(world.Room.Log!.State.Log.Root.ToString());
        (await registry.ShowAsync("log", "audit", "@log.json"))["rows"]!.GetValue<long>().Should().Be(world.Room.Log.State.Log.Size);

        (await users[^1].RunBareAsync(
            "query", "explain", "--contract", "@contract.json", "--as", "hospital", "--log", registry.File_("log.json"), "--sql", "@query.sql", "--json")).Should().Be(0);
        var ingest = world.Room.Log.State.CurrentDataset("registry.people")!.Ingest!;
        ((long)users[^1].Json["cost"]!["rows"]!, (int)users[^1].Json["cost"]!["partitions"]!).Should().Be((ingest.Rows, ingest.Derived.Length), "a ledger says what a run reads");

        // A restart: every owner's witness answers, unattended.
        await world.RestartAsync();
        var opened = 0;
        world.Node.Middle = request => request.RequestUri!.AbsolutePath.EndsWith("status", StringComparison.Ordinal) && opened++ > 0
            ? throw new HttpRequestException(HttpRequestError.ConnectionError)
            : Task.FromResult<HttpResponseMessage?>(null);
        (await registry.RunAsync("log", "witness", Url, "--once", "--passphrase-file", registry.File_("passphrase"))).Should().Be(6);
        registry.Messages.Split('\n').Where(line => line.Contains("unavailable", StringComparison.Ordinal)).Should().ContainSingle("{0}", registry.Messages);
        world.Node.Middle = _ => Task.FromResult<HttpResponseMessage?>(null);
        foreach (var user in users)
        {
            world.Room.IsFresh.Should().BeFalse();
            await user.DoAsync("log", "witness", Url, "--once");
        }

        users[^1].Json["mode"]!.ToString().Should().Be("active");
        await registry.DoAsync("contract", "suspend", "--reason", "a look at it");
        registry.Json["state"]!.ToString().Should().Be("suspended");

        // A node that comes back with an older copy is refused, and the file of the newer log still verifies.
        await world.RestartAsync(world.Room.Log.Copy(world.Room.Log.Rows.Count - 1));
        (await registry.RunAsync("log", "audit", Url, "--passphrase-file", registry.File_("passphrase"))).Should().Be(2);
        registry.Messages.Should().Contain("checkpoint-inconsistent");
    }

    internal static byte[] ArrowAnswer()
    {
        var schema = new Schema.Builder()
            .Field(new Field("male", Int64Type.Default, nullable: false))
            .Field(new Field("mean, of \"x\"", new Decimal128Type(38, 2), nullable: true))
            .Build();
        var means = new Decimal128Array.Builder(new Decimal128Type(38, 2)).Append(-12.5m).AppendNull().Build();
        using var batch = new RecordBatch(schema, [new Int64Array.Builder().Append(0).Append(1).Build(), means], length: 2);
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        return stream.ToArray();
    }
}
