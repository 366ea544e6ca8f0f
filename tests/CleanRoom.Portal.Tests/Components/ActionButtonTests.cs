using Bunit;
using CleanRoom.Portal.Shared;
using CleanRoom.Protocol;
using Microsoft.JSInterop;
using MudBlazor.Services;

namespace CleanRoom.Portal.Tests.Components;

public sealed class ActionButtonTests : BunitContext
{
    /// <summary>An end for a hang; nothing waits so long on a working machine.</summary>
    private static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    public ActionButtonTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public async Task Pending_is_shown_and_cannot_be_clicked_again_until_it_ends()
    {
        var called = new TaskCompletionSource();
        var wait = new TaskCompletionSource<ActionOutcome>();
        var button = Show(() =>
        {
            called.SetResult();
            return wait.Task;
        });

        button.Find("button").Click();
        await called.Task.WaitAsync(Xunit.TestContext.Current.CancellationToken);
        button.Find("button").HasAttribute("disabled").Should().BeTrue();
        button.Find("button").TextContent.Should().Contain("Under way");
        wait.SetResult(ActionOutcome.Done("it is done"));

        button.WaitForAssertion(() => button.Find("[data-done]").TextContent.Should().Contain("it is done"), Patience);
        button.Find("button").HasAttribute("disabled").Should().BeFalse();
    }

    [Fact]
    public void Refusal_shows_every_reason_with_what_was_wanted_and_got()
    {
        var button = Show(() => Task.FromResult(ActionOutcome.Refused(
            [new Refusal(RefusalCode.RoleMissing, "the role owner", "auditor"), new Refusal(RefusalCode.Stale, "a fresh one", "an old one")])));

        button.Find("button").Click();

        button.WaitForAssertion(() => button.FindAll(".refusals li").Select(one => one.TextContent.Trim()).Should().Equal(
            "Wanted the role owner; got auditor. role-missing", "Wanted a fresh one; got an old one. stale"), Patience);
        button.FindAll("[data-done]").Should().BeEmpty();
    }

    [Fact]
    public void Browser_that_fails_is_a_refusal_and_the_button_works_again()
    {
        var button = Show(() => throw new JSException("QuotaExceededError\n   at cleanroom.js:1"));

        button.Find("button").Click();

        button.WaitForAssertion(() => button.Find(".refusals li").TextContent.Should().Contain("QuotaExceededError").And.NotContain("cleanroom.js"), Patience);
        button.Find("button").HasAttribute("disabled").Should().BeFalse();
    }

    private IRenderedComponent<ActionButton> Show(Func<Task<ActionOutcome>> run) => Render<ActionButton>(parameters => parameters
        .Add(button => button.Name, "act").Add(button => button.Text, "Act").Add(button => button.Run, run));
}
