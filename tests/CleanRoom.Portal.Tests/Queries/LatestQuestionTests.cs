using CleanRoom.Portal.Features.Queries;

namespace CleanRoom.Portal.Tests.Queries;

/// <summary>While somebody types, one question is under way, and only the answer about the newest text counts.</summary>
public sealed class LatestQuestionTests : IDisposable
{
    private readonly List<(string Text, TaskCompletionSource<string> Answer, CancellationToken Token)> _asked = [];
    private readonly List<string> _answered = [];
    private readonly LatestQuestion<string> _question;

    public LatestQuestionTests() => _question = new LatestQuestion<string>(
        (text, token) =>
        {
            var answer = new TaskCompletionSource<string>();
            _asked.Add((text, answer, token));
            return answer.Task;
        },
        (text, answer) => _answered.Add($"{text}: {answer}"));

    [Fact]
    public async Task Texts_typed_meanwhile_are_one_question_about_the_last()
    {
        var asking = _question.AskAsync("S");
        await _question.AskAsync("SE");
        await _question.AskAsync("SEL");
        _asked.Select(one => one.Text).Should().Equal(["S"], "the first is under way");
        _asked[0].Token.IsCancellationRequested.Should().BeTrue("a newer text has come");

        _asked[0].Answer.SetResult("old");
        _asked.Select(one => one.Text).Should().Equal("S", "SEL");
        _answered.Should().BeEmpty("the answer is about a text that is gone");
        _asked[1].Answer.SetResult("new");
        await asking;

        _answered.Should().Equal("SEL: new");
    }

    [Fact]
    public async Task Question_that_ends_by_the_cancel_gives_way_to_the_next()
    {
        var asking = _question.AskAsync("S");
        await _question.AskAsync("SE");
        _asked[0].Answer.SetCanceled(_asked[0].Token);
        _asked[1].Answer.SetResult("new");
        await asking;

        _answered.Should().Equal("SE: new");
    }

    [Fact]
    public async Task Answer_to_a_question_that_was_taken_back_is_told_nobody()
    {
        var asking = _question.AskAsync("S");
        _question.Forget();
        _asked[0].Answer.SetResult("late");
        await asking;

        _answered.Should().BeEmpty();
    }

    [Fact]
    public async Task Question_that_is_answered_leaves_room_for_another()
    {
        var first = _question.AskAsync("S");
        _asked[0].Answer.SetResult("one");
        await first;
        var second = _question.AskAsync("SE");
        _asked[1].Answer.SetResult("two");
        await second;

        _answered.Should().Equal("S: one", "SE: two");
    }

    public void Dispose() => _question.Dispose();
}
