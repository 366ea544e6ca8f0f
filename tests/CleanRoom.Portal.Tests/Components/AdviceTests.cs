using Bunit;
using CleanRoom.Portal.Shared;
using CleanRoom.Protocol;
using MudBlazor.Services;

namespace CleanRoom.Portal.Tests.Components;

/// <summary>A refusal says what happened; where something can be done about it, it says what.</summary>
public sealed class AdviceTests : BunitContext
{
    public AdviceTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Theory]
    [InlineData(RefusalCode.SealInvalid, "another copy of the file")]
    [InlineData(RefusalCode.Replayed, "perhaps from another tab")]
    [InlineData(RefusalCode.Unavailable, "then try again")]
    [InlineData(RefusalCode.EvidenceNotAccepted, "Sign and send nothing")]
    [InlineData(RefusalCode.CheckpointInconsistent, "it holds the proof")]
    [InlineData(RefusalCode.ContractConflict, "compare the fingerprint")]
    [InlineData(RefusalCode.StorageFailed, "nothing was signed")]
    public void Sentence_stands_under_the_reasons(RefusalCode code, string sentence)
    {
        var list = Render<RefusalList>(parameters => parameters.Add(one => one.Refusals, [new Refusal(code, "this", "that"), new Refusal(code, "these", "those")]));

        list.FindAll("li").Should().HaveCount(2);
        list.FindAll("p.advice").Should().ContainSingle("it is said once").Which.TextContent.Should().Contain(sentence);
    }

    [Fact]
    public void Codes_that_explain_themselves_have_none() =>
        Advice.For([new Refusal(RefusalCode.QueryRefused, "one of hdl, chol", "fib4")]).Should().BeEmpty();

    [Fact]
    public void Doubt_about_who_answers_is_told_from_a_refusal_of_the_room()
    {
        Advice.IsAboutWhoAnswers(new Refusal(RefusalCode.BindingMismatch, "a", "b")).Should().BeTrue();
        Advice.IsAboutWhoAnswers(new Refusal(RefusalCode.RoleMissing, "a", "b")).Should().BeFalse();
    }
}
