using System.Text.Json.Nodes;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>A contract about datasets of owners who each bring one.</summary>
internal static class RoomContract
{
    /// <summary>Returns its text. Keys, dates and what may open the data are put in when a room is founded.</summary>
    public static JsonObject Of(string title, params RoomDataset[] datasets)
    {
        var owners = datasets.Select(dataset => dataset.Owner).ToList();
        return new JsonObject
        {
            ["type"] = "cleanroom/v1/contract",
            ["id"] = new string('0', 32),
            ["version"] = 1,
            ["previous"] = null,
            ["title"] = title,
            ["purpose"] = "To measure how long answers take.",
            ["legalTextSha256"] = "cc5ef5166ddd6884a2b746c1e912c4c307de47f458cac14e544e2c1b607c79f7",
            ["collaborators"] = new JsonArray([.. owners.Select(owner => new JsonObject
            {
                ["id"] = owner, ["name"] = owner, ["rootKey"] = Convert.ToBase64String(Es256TestKey.Named(owner).PublicKey.Span),
            })]),
            ["datasets"] = new JsonArray([.. datasets.Select(dataset => dataset.Json(owners))]),
            ["templates"] = new JsonArray(),
            ["approval"] = new JsonObject { ["contract"] = "all", ["quorum"] = new JsonArray(), ["standing"] = new JsonArray() },
            ["output"] = new JsonObject { ["formats"] = new JsonArray("arrow"), ["maxRows"] = 50_000, ["retentionDays"] = 30, ["answerEveryMs"] = null },
            ["attestation"] = new JsonObject
            {
                ["accepted"] = new JsonArray(new JsonObject
                {
                    ["tee"] = "simulated",
                    ["values"] = new JsonObject { ["measurement"] = new string('0', 64) },
                    ["minimumTcb"] = new JsonObject(),
                    ["chipIds"] = new JsonArray("any"),
                    ["anchors"] = new JsonArray(),
                    ["debug"] = false,
                }),
                ["codeEndorsers"] = new JsonArray(),
            },
            ["rollback"] = "witnesses",
            ["recovery"] = new JsonObject { ["k"] = null },
            ["carriesOver"] = new JsonArray(),
            ["allowInsecure"] = true,
            ["notBefore"] = "2026-01-01T00:00:00.000Z",
            ["expires"] = "2036-01-01T00:00:00.000Z",
        };
    }
}
