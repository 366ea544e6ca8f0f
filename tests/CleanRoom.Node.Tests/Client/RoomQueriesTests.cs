using System.Collections.Immutable;
using System.Text;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Results;
using CleanRoom.Client.Rooms;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Receipts;

namespace CleanRoom.Node.Tests.Client;

public class RoomQueriesTests
{
    private static readonly QueryQuestion _question = QueryQuestion.OfSql("SELECT male, count(*) FROM registry.people GROUP BY male", ["registry", "hospital"]);

    [Fact]
    public async Task A_query_is_asked_approved_run_opened_and_its_receipt_verifies()
    {
        var (world, hospital, registry) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        await ApproveAsync(world, registry, submitted.QueryDigest);

        var results = new RoomResults(hospital);
        (await results.OpenAsync(submitted.QueryDigest, World.Cancel)).Value.Payload.ToArray().Should().Equal(world.Room.Queries.Answer);
        var receipt = (await results.ReceiptAsync(submitted.QueryDigest, isRedacted: false, World.Cancel)).Value;
        receipt.Report.Proven.Should().NotBeEmpty();
        ReceiptVerifier.Verify(receipt.Bundle.Span, null, world.Services.Fold).IsVerified.Should().BeTrue();
        (await results.ReceiptAsync(submitted.QueryDigest, isRedacted: true, World.Cancel)).Value.Report.NotShown.Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_query_lists_the_current_versions_of_what_its_verdict_reads()
    {
        var (world, hospital, _) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        hospital.State.Queries[submitted.QueryDigest].Query.Inputs.Should().Equal(
            new QueryInput { Dataset = "registry.people", ManifestDigest = hospital.State.CurrentDataset("registry.people")!.Digest });
        submitted.VerdictDigest.Should().Be(DocumentCodec.DigestOf(submitted.Verdict));
    }

    [Fact]
    public async Task An_approval_names_the_verdict_row_and_the_checkpoint_that_was_verified()
    {
        var (world, hospital, registry) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        await ApproveAsync(world, registry, submitted.QueryDigest);
        var approval = registry.State.Queries[submitted.QueryDigest].Decisions.Should().ContainSingle().Subject.Approval;
        approval.VerdictDigest.Should().Be(submitted.VerdictDigest);
        registry.State.Verdicts.Should().ContainKey(approval.VerdictDigest);
    }

    [Fact]
    public async Task A_refusal_ends_a_query()
    {
        var (world, hospital, registry) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        var queries = new RoomQueries(registry);
        var review = (await queries.ReviewAsync(submitted.QueryDigest, World.Cancel)).Value;
        (await queries.DecideAsync(review, ApprovalDecision.Refuse, "too narrow", Conditions(world), World.Cancel)).IsAccepted.Should().BeTrue();
        (await new RoomRuns(hospital).StatusAsync(submitted.QueryDigest, World.Cancel)).Value.Status.Should().Be(QueryStatus.Refused);
    }

    [Fact]
    public async Task A_review_of_another_room_is_not_signed()
    {
        var (world, hospital, _) = await ReadyAsync();
        var (_, _, elsewhere) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        var review = (await new RoomQueries(hospital).ReviewAsync(submitted.QueryDigest, World.Cancel)).Value;
        (await new RoomQueries(elsewhere).DecideAsync(review, ApprovalDecision.Approve, string.Empty, Conditions(world), World.Cancel))
            .Refusals.Select(r => r.Code).Should().Equal(RefusalCode.QueryNotApproved);
    }

    [Fact]
    public async Task A_verdict_that_the_rules_refuse_is_not_asked_for_real()
    {
        var (world, hospital, _) = await ReadyAsync();
        world.Room.Queries.Says = verdict => verdict with { Decision = VerdictDecision.Refuse, Codes = [VerdictCodes.Grain] };
        var rows = world.Room.Log!.Rows.Count;
        (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Refusals.Should().ContainSingle()
            .Which.Should().Match<Refusal>(r => r.Code == RefusalCode.QueryRefused && r.Got.Contains(VerdictCodes.Grain));
        world.Room.Log.Rows.Count.Should().Be(rows);
    }

    [Theory]
    [InlineData("analyst")]
    [InlineData("receivers")]
    [InlineData("contract")]
    [InlineData("text")]
    public async Task A_verdict_on_another_question_is_refused(string field)
    {
        var (world, hospital, _) = await ReadyAsync();
        world.Room.Queries.Says = verdict => field switch
        {
            "analyst" => verdict with { Analyst = "registry" },
            "receivers" => verdict with { Receivers = ["hospital"] },
            "contract" => verdict with { ContractDigest = Digest.Of("another"u8) },
            _ => verdict with { TextDigest = Digest.Of("another"u8) },
        };
        (await new RoomQueries(hospital).ExplainAsync(_question, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.QueryRefused);
    }

    [Fact]
    public async Task A_template_is_asked_by_its_digest()
    {
        var (world, hospital, _) = await ReadyAsync();
        var template = DocumentCodec.DigestOf(world.Contract.Templates[1]);
        var question = QueryQuestion.OfTemplate(template, ImmutableSortedDictionary<string, string>.Empty, ["hospital"]);
        (await new RoomQueries(hospital).ExplainAsync(question, World.Cancel)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task A_blob_with_one_byte_changed_does_not_open()
    {
        var (world, hospital, registry) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        await ApproveAsync(world, registry, submitted.QueryDigest);
        world.Room.Queries.Served = blob => [.. blob[..^1], (byte)(blob[^1] ^ 1)];
        (await new RoomResults(hospital).OpenAsync(submitted.QueryDigest, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.SealInvalid);
        world.Room.Queries.Served = blob => [.. blob, 0];
        (await new RoomResults(hospital).OpenAsync(submitted.QueryDigest, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.DocumentTooLarge);
        world.Room.Queries.Served = blob => blob[..^1];
        (await new RoomResults(hospital).OpenAsync(submitted.QueryDigest, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task A_collaborator_that_receives_nothing_opens_nothing()
    {
        var (world, hospital, registry) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        await ApproveAsync(world, registry, submitted.QueryDigest);
        var laboratory = (await world.OpenAsync(world.Laboratory)).Value;
        (await new RoomResults(laboratory).OpenAsync(submitted.QueryDigest, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.ResultUnknown);
    }

    [Fact]
    public async Task A_second_run_has_an_answer_and_a_receipt_of_its_own()
    {
        var (world, hospital, registry) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world) with { Runs = 2 }, World.Cancel)).Value;
        await ApproveAsync(world, registry, submitted.QueryDigest);
        var first = (await new RoomResults(hospital).OpenAsync(submitted.QueryDigest, World.Cancel)).Value;
        (await new RoomRuns(hospital).RunAgainAsync(submitted.QueryDigest, World.Cancel)).IsAccepted.Should().BeTrue();
        var second = (await new RoomResults(hospital).OpenAsync(submitted.QueryDigest, World.Cancel)).Value;
        second.Run.ChargeSequence.Should().BeGreaterThan(first.Run.ChargeSequence);
        second.Salt.Should().NotBe(first.Salt);
    }

    [Fact]
    public async Task Events_are_followed_to_the_end_that_the_node_made()
    {
        var (world, hospital, registry) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        await ApproveAsync(world, registry, submitted.QueryDigest);
        var events = await new RoomRuns(hospital).FollowAsync(submitted.QueryDigest, World.Cancel).ToListAsync(World.Cancel);
        events.Select(e => e.Value.Status).Should().Equal(QueryStatus.Completed, QueryStatus.Completed);
    }

    [Fact]
    public async Task Events_that_break_off_end_with_a_refusal()
    {
        var (world, hospital, _) = await ReadyAsync();
        var submitted = (await new RoomQueries(hospital).SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        world.Room.Queries.CutsEvents = true;
        var events = await new RoomRuns(hospital).FollowAsync(submitted.QueryDigest, World.Cancel).ToListAsync(World.Cancel);
        events[^1].Refusals.Select(r => r.Code).Should().Equal(RefusalCode.ChannelInvalid);
    }

    [Fact]
    public async Task A_cancelled_and_a_revoked_query_are_stopped()
    {
        var (world, hospital, registry) = await ReadyAsync();
        var queries = new RoomQueries(hospital);
        var first = (await queries.SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        var second = (await queries.SubmitAsync(_question, Terms(world), World.Cancel)).Value;
        (await queries.CancelAsync(first.QueryDigest, "not needed", World.Cancel)).IsAccepted.Should().BeTrue();
        (await new RoomQueries(registry).RevokeAsync(second.QueryDigest, "a doubt", World.Cancel)).IsAccepted.Should().BeTrue();
        registry.State.Queries.Values.Select(q => QueryStatuses.StatusOf(registry.State, q, world.Room.Now)).Should().Equal(QueryStatus.Stopped, QueryStatus.Stopped);
        new RoomQueries(registry).List().Select(q => q.Digest).Should().Equal(first.QueryDigest, second.QueryDigest);
    }

    [Fact]
    public async Task A_query_that_is_not_in_the_ledger_has_no_review_and_no_answer()
    {
        var (_, hospital, _) = await ReadyAsync();
        var unknown = Digest.Of("unknown"u8);
        (await new RoomQueries(hospital).ReviewAsync(unknown, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.QueryUnknown);
        (await new RoomResults(hospital).OpenAsync(unknown, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.QueryUnknown);
    }

    private static QueryTerms Terms(World world) => new(1, world.Room.Now, world.Room.Now.Plus(TimeSpan.FromDays(1)));

    private static ApprovalConditions Conditions(World world) => new() { MaxRuns = 5, Expires = world.Room.Now.Plus(TimeSpan.FromDays(1)) };

    private static async Task ApproveAsync(World world, RoomClient approver, Digest query)
    {
        var queries = new RoomQueries(approver);
        var review = (await queries.ReviewAsync(query, World.Cancel)).Value;
        review.Needs.Should().Contain(need => need.Collaborator == approver.Member.Collaborator);
        (await queries.DecideAsync(review, ApprovalDecision.Approve, string.Empty, Conditions(world), World.Cancel)).IsAccepted.Should().BeTrue();
    }

    private static async Task<(World World, RoomClient Hospital, RoomClient Registry)> ReadyAsync()
    {
        var world = await World.ActiveAsync();
        var registry = (await world.OpenAsync(world.Registry)).Value;
        var file = Encoding.UTF8.GetBytes("id,age,male,weight,height,bmi,case_id,futime,status\n1,57,0,60.5,163,22.6,,6261,0\n");
        var source = new DatasetSource(file.Length, world.Room.Now, _ => ValueTask.FromResult<Stream>(new MemoryStream(file)));
        var store = new FakeUploads();
        var uploads = new RoomUploads(registry, store);
        var sent = (await uploads.SendAsync((await uploads.BeginAsync("registry.people", source, World.Cancel)).Value, source, null, World.Cancel)).Value;
        (await new RoomDatasets(registry, store).PublishAsync(sent, World.Cancel)).IsAccepted.Should().BeTrue();
        return (world, (await world.OpenAsync(world.Members[2])).Value, registry);
    }
}
