using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using CleanRoom.Cli.Profiles;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Hosting;

/// <summary>Makes verbs: every one takes <c>--json</c> and <c>--profile</c>, prints data to the output and messages to the error stream.</summary>
internal static class Verb
{
    private static readonly JsonSerializerOptions _json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes a verb.</summary>
    /// <param name="host">The world.</param>
    /// <param name="name">As typed.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="symbols">Its own arguments and options.</param>
    /// <param name="run">Does it.</param>
    public static Command Create(
        CliHost host,
        string name,
        string description,
        IEnumerable<Symbol> symbols,
        Func<VerbContext, CancellationToken, Task<Result<VerbAnswer>>> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols.Concat([CommonOptions.Json, CommonOptions.Profile]))
        {
            switch (symbol)
            {
                case Argument argument:
                    command.Arguments.Add(argument);
                    break;
                case Option option:
                    command.Options.Add(option);
                    break;
                default:
                    throw new ArgumentException("wanted arguments and options", nameof(symbols));
            }
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!ProfileDirectory.Find(parsed.GetValue(CommonOptions.Profile)).TryGet(out var profile, out var homeless))
            {
                return Refuse(host, homeless);
            }

            var result = await run(new VerbContext(host, parsed, profile), cancellationToken);
            return result.TryGet(out var answer, out var refusals) ? Print(host, answer, parsed.GetValue(CommonOptions.Json)) : Refuse(host, refusals);
        });
        return command;
    }

    private static int Print(CliHost host, VerbAnswer answer, bool asJson)
    {
        if (asJson)
        {
            host.Out.WriteLine(answer.Json.ToJsonString(_json));
            return answer.ExitCode;
        }

        foreach (var line in answer.Words)
        {
            host.Out.WriteLine(CliHost.Plain(line));
        }

        return answer.ExitCode;
    }

    private static int Refuse(CliHost host, ImmutableArray<Refusal> refusals)
    {
        foreach (var refusal in refusals)
        {
            host.Say(refusal.ToString());
        }

        return ExitCodes.Of(refusals);
    }
}
