"""Sentences for the corrections: right ones, which must stay as they are, and wrong ones beside the right."""

RIGHT = """
I usually get up at seven and have breakfast with my family.
My brother lives in Busan, and my sister lives in Seoul.
He doesn't like spicy food, but she loves it.
Does he like coffee or tea?
Did you go to the party last night?
What did you do yesterday?
What do you do on the weekend?
What you do is very important.
What you said yesterday was funny.
What I like about people is their kindness.
When you go to Korea, will you visit me?
Where you live matters a lot.
I think yesterday was a good day.
I know he came home late last night.
Yesterday I think I saw your sister.
I remember the trip that we took two years ago.
I have been here since last year.
I feel better than yesterday.
I like the movie that I saw yesterday.
I work harder than last year.
I want to tell you what happened yesterday.
I have a friend who moved to Japan last month.
I still have the book I bought last year.
I love the photos from last summer.
She said that he goes to the gym every day.
I suggest that he go to the doctor.
It is important that she have enough time.
Let it go and make it work.
I saw him go into the shop.
Can she come with us tomorrow?
Why does it take so long?
You and she have the same birthday.
My friends and I have lunch together.
The friends of my mother have a big house.
My father, my mother and I live together.
Everybody is ready for the meeting.
Do you know everybody here?
The number of people is growing.
One of the people is my teacher.
There are many restaurants near my house.
There is a lot of traffic today.
There is a book and a pen on the desk.
Is there a bank near here?
I have some information about the trip.
We need an information desk on this floor.
There are many homework assignments this week.
She gave me some good advice.
How much money do you have?
How many books do you read in a month?
How many do you want?
I have so much homework today.
We have had many traffic jams this month.
It is pretty much people who like music.
I agree with you.
I agreed with him yesterday.
We are agreed on the plan.
I am like my father.
I'm like my mother in many ways.
I really like Korean dramas.
I very much like this song.
Thank you very much.
This is much better than before.
There are many more smaller shops here.
He is no more better-known than his brother.
She is older than me.
It is the best movie of the year.
He has much more experience than I do.
I enjoy playing soccer with my friends.
I stopped to smoke a cigarette.
I stopped smoking two years ago.
I practice to win.
I need to finish my homework before dinner.
I am looking forward to dinner.
I am looking forward to meeting you.
I am used to getting up early.
I used to live in Daegu.
It is used to make bread.
She is good at cooking.
He is good at sports.
I'm good at work and bad at love.
I want you to help me.
I want to know what you think.
I want help with my English.
I need help.
I would like to order a pizza.
I like play more than work.
I love travel and music.
I'll do everything I can to help you.
Do all you can to save water.
I need a can to open with this.
He has the will to win.
You must try this cake.
I can swim, and he can too.
Can you explain it to me?
I will explain them tomorrow.
Let me explain the rules.
Tell me about your family.
We discussed the problem for an hour.
We had a discussion about the problem.
She is married with two children.
He is married to a doctor.
It depends on the weather.
I listen to music every day.
Listen, the music is great.
Wait, me too!
Please wait for me.
I went home at six.
I went to Home Depot with my dad.
We go shopping on Saturdays.
I go to swimming lessons on Mondays.
We went to a shopping mall.
I have been there before.
I am 20 years old.
I have twenty years of experience.
I am twenty.
She has a five-year-old son.
I have a ten year old car.
I am interested in history.
The story is interesting in many ways.
My job is boring, so I am bored.
The trip was exciting, and I was excited about it.
He is a boring speaker.
I was surprising my friend with a cake.
I am a student at a university.
He is a useful member of the team.
It took an hour to get there.
She is an honest person.
I saw a European movie with a one-way ticket in my hand.
I gave him an MP3 player.
I'd like an egg and a union card.
I had an A in English and a B in math.
Vitamin A is good for you.
He is president of our club.
I am student council president.
We play soccer after school.
We watched the soccer game on TV.
One of my friends lives in Canada.
One of my friend's cats is sick.
I need another three days.
I have another idea.
Every day is different.
My everyday life is simple.
These days I am busy.
I like this children's book.
We took a two day trip.
It is a ten minute walk.
I read the peoples of the world.
Many people like it.
I'll see you on Monday.
In Monday's class we read a story.
I work at Sunday school.
On the morning of the test I was nervous.
I drink coffee in the morning.
There was a problem in the night.
I was born in 1999.
My birthday is in May.
I met him at five o'clock.
We moved in last week.
What was going on last week?
In the last week of school we had a party.
I have lived here for three years.
I have been sick since three days ago.
He left two weeks ago.
It happened before two days had passed.
I read it on the internet.
He works in television and in TV drama.
I am afraid of dogs.
I do my homework at night.
She makes homework fun.
I made a mistake.
I took some photos at the beach.
I took my medicine after lunch.
Please turn on the light.
Sorry I'm late.
Although I was tired, I went out.
I was tired, but I went out.
Because it rained, we stayed at home.
So I told him to wait.
The answer to the question is easy.
We attended the meeting.
Did he find the key?
He didn't found the company; his brother did.
I don't know where he is.
Do you know what time it is?
Could you tell me where the station is?
Who is he?
What is it called in Korean?
What does this word mean?
Why don't you come with us?
Are you like your brother?
Is she at home?
Have you ever been to London?
How do you say this in English?
How about going to the park?
What do you think about this movie?
How do you feel about it?
I don't have any money.
You can't just do nothing.
I have no idea.
I have nobody to talk to.
I never eat breakfast.
Nobody knows the answer.
People who live here are friendly.
Most people like pizza.
Most of the people in my class are kind.
Some of my friends speak Japanese.
I have a lot of friends.
I ate lots of fruit.
Thank you for helping me.
Thank you for your help.
I study English to get a better job.
I came here for study and for work.
After lunch we took a walk.
After I eat dinner, I watch TV.
Before you go, close the door.
He had better go home.
Let's go to the beach.
My hobby is playing the guitar.
My dream is to become a nurse.
She made me laugh, and I let her win.
They made it to the top.
I have seen that movie twice.
The problems we have came from the old system.
Is it okay if I bring a friend?
Its color is blue, and it's very nice.
He lets go of the rope.
Today I put the book on the table, and he read it.
Last week I put on a new coat and cut my hair.
Two days ago it was sunny.
I saw a man with an umbrella yesterday.
A, B and C are letters.
i.e. this is short for that is.
My mother works in a hospital, and my father is retired.
Yes, I do.
No, thanks. I'm fine.
Check in Saturday and check out on Monday.
The homework is difficult for me.
It sounds great to me.
Can I have the bill, please?
I'd like a window seat, please.
Have a good one!
""".strip().splitlines()

WRONG = """
He don't like spicy food. | He doesn't like spicy food.
She go to school by bus. | She goes to school by bus.
It make me happy. | It makes me happy.
He have two dogs. | He has two dogs.
My mother work in a hospital. | My mother works in a hospital.
My brother always play games. | My brother always plays games.
I was late because he don't have a car. | I was late because he doesn't have a car.
Yesterday I go to the park. | Yesterday I went to the park.
Last night I can't sleep. | Last night I couldn't sleep.
Yesterday we don't have class. | Yesterday we didn't have class.
Last weekend I meet my friend and eat with him. | Last weekend I met my friend and ate with him.
I go to the beach last summer. | I went to the beach last summer.
She buys a new bag two days ago. | She bought a new bag two days ago.
I am tired yesterday. | I was tired yesterday.
I'm very busy last week. | I was very busy last week.
Two years ago my father is sick. | Two years ago my father was sick.
I am agree with you. | I agree with you.
I'm agree. | I agree.
I am not agree. | I don't agree.
I am understand it. | I understand it.
I am not have a car. | I don't have a car.
I am go to school by bus. | I go to school by bus.
I very like music. | I really like music.
This one is more better. | This one is better.
My house is more big than yours. | My house is bigger than yours.
It was the most best day. | It was the best day.
It is too much expensive. | It is too expensive.
I need some informations. | I need some information.
He gave me many advices. | He gave me a lot of advice.
I have many homeworks. | I have a lot of homework.
We bought new furnitures. | We bought new furniture.
I need an advice. | I need some advice.
I don't have many money. | I don't have a lot of money.
How many money do you need? | How much money do you need?
There are much people here. | There are many people here.
We discussed about the plan. | We discussed the plan.
Can you explain me the rule? | Can you explain to me the rule?
She is married with a doctor. | She is married to a doctor.
It depends of the price. | It depends on the price.
It's depend on the weather. | It depends on the weather.
I listen music every day. | I listen to music every day.
Please wait me. | Please wait for me.
I went to home at six. | I went home at six.
We go to shopping every week. | We go shopping every week.
I want to go to abroad. | I want to go abroad.
I have 20 years old. | I am 20 years old.
I am 20 years. | I am 20 years old.
He has thirty years old. | He is thirty years old.
I'm interesting in history. | I'm interested in history.
I am so boring because I have no friends. | I am so bored because I have no friends.
I am very exciting about the trip. | I am very excited about the trip.
I can to swim. | I can swim.
You must to go now. | You must go now.
He can speaks English. | He can speak English.
I look forward to meet you. | I look forward to meeting you.
I look forward to visit there again. | I look forward to visiting there again.
I have lived here since 3 years. | I have lived here for 3 years.
I live here since 2010. | I have lived here since 2010.
I eat a apple every day. | I eat an apple every day.
She is an university student. | She is a university student.
It is an useful book. | It is a useful book.
It took a hour. | It took an hour.
He is student. | He is a student.
I am engineer. | I am an engineer.
I'll see you in Monday. | I'll see you on Monday.
I study on the morning. | I study in the morning.
I work in night. | I work at night.
I get up in seven o'clock. | I get up at seven o'clock.
I was born on 1999. | I was born in 1999.
I like another things. | I like other things.
One of my friend lives in Canada. | One of my friends lives in Canada.
People is kind here. | People are kind here.
Everybody are happy. | Everybody is happy.
There is many cars. | There are many cars.
They doesn't know. | They don't know.
I has a dog. | I have a dog.
I didn't went there. | I didn't go there.
She didn't saw me. | She didn't see me.
Did you went there? | Did you go there?
He doesn't likes it. | He doesn't like it.
Does she works here? | Does she work here?
I want to bought a car. | I want to buy a car.
I buyed a new phone. | I bought a new phone.
I need to buyed it. | I need to buy it.
I goed there with my mom. | I went there with my mom.
I don't know nothing. | I don't know anything.
I don't have no time. | I don't have any time.
I don't never eat meat. | I never eat meat.
How it is called? | What is it called?
What you do? | What do you do?
Where you live? | Where do you live?
What he do? | What does he do?
Where you are from? | Where are you from?
What time it is? | What time is it?
Why you don't come? | Why don't you come?
How do you think about this? | What do you think about this?
I don't know where is he. | I don't know where he is.
Do he like coffee? | Does he like coffee?
Are you have a car? | Do you have a car?
I want that you help me. | I want you to help me.
He suggested to go home. | He suggested going home.
I enjoy to play soccer. | I enjoy playing soccer.
I finished to do my homework. | I finished doing my homework.
She is good at play the piano. | She is good at playing the piano.
My hobby is play games. | My hobby is playing games.
My dream is become a singer. | My dream is to become a singer.
I want go home. | I want to go home.
I like play soccer. | I like to play soccer.
Let's to go. | Let's go.
She made me to cry. | She made me cry.
Thank you for help me. | Thank you for helping me.
I study for improve my English. | I study to improve my English.
i like it. | I like it.
I dont know. | I don't know.
I cant swim. | I can't swim.
im tired. | I'm tired.
Thats a good idea. | That's a good idea.
I have lot of friends. | I have a lot of friends.
I have two dog. | I have two dogs.
I have three child. | I have three children.
I go there every days. | I go there every day.
I like this movies. | I like these movies.
Almost people like it. | Most people like it.
Have you ever went to Japan? | Have you ever gone to Japan?
I have saw that movie. | I have seen that movie.
I was born on January. | I was born in January.
I am born in Seoul. | I was born in Seoul.
I no like it. | I don't like it.
Although I was tired, but I went out. | Although I was tired, I went out.
I did a mistake. | I made a mistake.
I ate medicine. | I took medicine.
I made my homework. | I did my homework.
We play the soccer. | We play soccer.
Nice meet you. | Nice to meet you.
Sorry to late. | Sorry I'm late.
I watched it in TV. | I watched it on TV.
Please say me the answer. | Please tell me the answer.
She said me that it was true. | She told me that it was true.
""".strip().splitlines()
